import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Api } from '../../../src/api/client.ts';
import { loadAllPredictions, predictionRecords } from '../../../src/features/past/history.ts';
import { CONTRACT, prediction } from '../../samples.ts';

test('a history is loaded page by page until there is no cursor', async () => {
  const pages = new Map([[null, { items: [1, 2], next: 'b' }], ['b', { items: [3], next: null }]]);
  const api: Pick<Api, 'pastPredictions'> = {
    async pastPredictions(_query, cursor) {
      const { items, next } = pages.get(cursor) ?? assert.fail(`no page ${cursor}`);
      return { items: items.map((enrollee_id) => prediction({ enrollee_id })), next };
    },
  };
  const progress: number[] = [];
  const query = { start: '2026-01-01T00:00:00Z', end: '2026-01-02T00:00:00Z', source: 'all' };

  const all = await loadAllPredictions(api, query, (loaded) => progress.push(loaded), new AbortController().signal);

  assert.deepEqual(all.map(({ id }) => id), ['p1', 'p2', 'p3']);
  assert.deepEqual(progress, [2, 3]);
});

test('the exported table has a header, the features in the contract\'s order, and empty cells for what is not known', () => {
  assert.deepEqual(predictionRecords([prediction({ enrollee_id: 5, hours: 12 })], CONTRACT), [
    ['created_at', 'source', 'enrollee_id', 'probability', 'will_change', 'model_version', 'city', 'hours', 'file_id', 'row', 'id'],
    ['2026-01-01T00:00:00Z', 'webapp', 5, 0.25, false, 'm1', null, 12, null, null, 'p5'],
  ]);
});
