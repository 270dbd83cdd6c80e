import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SubjectAccess } from '../../../src/api/types.ts';
import { cautions, loadEverythingHeld } from '../../../src/features/operations/everythingHeld.ts';

const page = (part: Partial<SubjectAccess>): SubjectAccess => ({
  enrollee_id: 7,
  erasure: null,
  predictions: [],
  outcomes: [],
  training: [],
  files: [],
  waiting: 0,
  next_cursor: null,
  ...part,
});
const dataset = (part: Partial<SubjectAccess['training'][number]>): SubjectAccess['training'][number] => ({
  object: 'training/a.csv',
  mentions: false,
  found: 1,
  rows: [{ values: { enrollee_id: '7' }, text: null, certain: true }],
  ...part,
});

test('what is held is loaded page by page into one document', async () => {
  const first = dataset({ object: 'training/a.csv' });
  const second = dataset({ object: 'training/b.csv' });
  const pages = new Map([
    [null, page({ training: [first], waiting: 1, next_cursor: 'b' })],
    ['b', page({ training: [second], waiting: 2 })],
  ]);
  const operator = { held: async (_id: string, cursor: string | null) => pages.get(cursor) ?? assert.fail(`no page ${cursor}`) };
  const progress: number[] = [];

  const held = await loadEverythingHeld(operator, '7', (records) => progress.push(records), new AbortController().signal);

  assert.deepEqual(held, page({ training: [first, second], waiting: 3 }));
  assert.deepEqual(progress, [1, 2]);
});

test('what may be somebody else\'s, what isn\'t shown and what isn\'t searched yet is said', () => {
  assert.deepEqual(cautions(page({ training: [dataset({})] })), []);
  const uncertain = dataset({ rows: [{ values: null, text: '7,x', certain: false }] });
  const mentioning = dataset({ mentions: true, found: 0, rows: [] });
  const cut = dataset({ found: 300 });

  assert.match(cautions(page({ training: [uncertain] })).join(), /^Rows that aren’t “certain”[^,]*, or[^,]*$/);
  assert.match(cautions(page({ training: [mentioning] })).join(), /^A file that “mentions”[^,]*, or[^,]*$/);
  assert.match(cautions(page({ training: [cut] })).join(), /^Not all rows are shown/);
  assert.match(cautions(page({ waiting: 1 })).join(), /^Some files are being checked/);
  assert.equal(cautions(page({ training: [uncertain, mentioning, cut], waiting: 1 })).length, 4);
});
