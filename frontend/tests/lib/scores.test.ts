import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answer, ranked, tenths } from '../../src/lib/scores.ts';
import { prediction } from '../samples.ts';

test('the answer is a sentence, whatever the numbers', () => {
  assert.equal(answer(1234, 20_000), '1,234 of 20,000 candidates are looking for a change');
  assert.equal(answer(1, 20), '1 of 20 candidates is looking for a change');
  assert.equal(answer(1, 1), '1 of 1 candidate is looking for a change');
  assert.equal(answer(0, 20), 'None of 20 candidates is looking for a change');
});

test('each probability is counted in its tenth, and 1 in the last one', () => {
  assert.deepEqual(tenths([0, 0.0999, 0.1, 0.55, 0.9, 1]), [2, 1, 0, 0, 0, 1, 0, 0, 0, 2]);
  assert.deepEqual(tenths([]), [0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
});

test('the most probable has the first rank, and of equals the one that comes first in the file', () => {
  const rows = [0.2, 0.9, 0.2, 0.5].map((probability, at) => ({
    ...prediction({ enrollee_id: at }),
    probability,
    row: 10 - at,
  }));

  const found = ranked(rows);

  assert.deepEqual(found.map(({ rank }) => rank), [1, 2, 3, 4]);
  assert.deepEqual(found.map(({ probability, row }) => [probability, row]), [[0.9, 9], [0.5, 7], [0.2, 8], [0.2, 10]]);
  assert.equal(rows[0]?.row, 10, 'the predictions themselves keep their order');
});
