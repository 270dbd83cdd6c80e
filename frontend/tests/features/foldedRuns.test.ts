import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Run } from '../../src/api/types.ts';
import { foldedRuns } from '../../src/features/files/foldedRuns.ts';

const run = (minute: number, status: Run['status'], kind = 'scoring'): Run => ({
  id: String(minute),
  kind,
  status,
  reason: status === 'SKIPPED' ? 'nothing_new' : null,
  counts: {},
  started_at: `2026-01-01T00:${String(minute).padStart(2, '0')}:00Z`,
  seconds: 1,
});

test('runs that were skipped one after the other are one, with when the first of them was', () => {
  const runs = [run(9, 'SKIPPED'), run(8, 'SKIPPED'), run(7, 'SKIPPED'), run(6, 'SUCCEEDED'), run(5, 'SUCCEEDED'), run(4, 'SKIPPED')];
  assert.deepEqual(
    foldedRuns(runs).map(({ id, times, since }) => [id, times, since.slice(14, 16)]),
    [['9', 3, '07'], ['6', 1, '06'], ['5', 1, '05'], ['4', 1, '04']],
  );
  assert.equal(foldedRuns(runs).reduce((all, { times }) => all + times, 0), runs.length);
});

test('skipped runs of another kind stay apart', () => {
  assert.equal(foldedRuns([run(3, 'SKIPPED'), run(2, 'SKIPPED', 'training'), run(1, 'SKIPPED')]).length, 3);
});
