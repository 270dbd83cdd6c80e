import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ScoredFile } from '../../../src/api/types.ts';
import { type Answer, keepAnswers, keptAnswers } from '../../../src/features/batch/keptAnswers.ts';
import { prediction } from '../../samples.ts';

/** A tab's storage that takes so many characters. */
function storage(most = Number.POSITIVE_INFINITY) {
  const items = new Map<string, string>();
  return {
    getItem: (key: string) => items.get(key) ?? null,
    setItem(key: string, text: string) {
      if (text.length > most) throw new DOMException('full', 'QuotaExceededError');
      items.set(key, text);
    },
  };
}

function answer(name: string, rows: number): Answer {
  const predictions = Array.from({ length: rows }, (_, row) => prediction({ enrollee_id: row }));
  const result: ScoredFile = { predictions, refused: [], notes: [], others: { names: ['name'], rows: [['Zoë']] } };
  return { name, result };
}

test('answers are there again as they were, for the same person only', () => {
  const tab = storage();
  const answers = [answer('May.csv', 3), answer('June.csv', 2)];

  assert.equal(keepAnswers('recruiting', answers, tab), 2);

  assert.deepEqual(keptAnswers('recruiting', tab), answers);
  assert.deepEqual(keptAnswers('somebody else', tab), []);
});

test('of more answers than there is room for, the first are kept, and an earlier rest is not', () => {
  const tab = storage();
  const [small, large] = [answer('small.csv', 1), answer('large.csv', 12_000)];
  assert.ok(JSON.stringify(large).length > 2_000_000);

  assert.equal(keepAnswers('recruiting', [small, large, small], tab), 1);
  assert.deepEqual(keptAnswers('recruiting', tab), [small]);

  assert.equal(keepAnswers('recruiting', [large, small], tab), 0);
  assert.deepEqual(keptAnswers('recruiting', tab), []);
});

test('a tab with less room than usual keeps what it can, and what is not readable is nothing', () => {
  const tab = storage(700);
  const answers = [answer('a.csv', 1), answer('b.csv', 1), answer('c.csv', 1)];

  const number = keepAnswers('recruiting', answers, tab);

  assert.ok(number > 0 && number < 3);
  assert.deepEqual(keptAnswers('recruiting', tab), answers.slice(0, number));
  tab.setItem('job-change.answers', '{');
  assert.deepEqual(keptAnswers('recruiting', tab), []);
});
