import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FileRecord } from '../../src/api/types.ts';
import { scoringProgress } from '../../src/components/scoringProgress.ts';

const record = (scored: number, failure: FileRecord['failure'] = null): FileRecord =>
  ({ scored, failure, rows: { total: 20_500, good: 20_000, bad: 500, repaired: 0 } }) as FileRecord;

test('what is said of a file that is being scored is how far that is, or why it has stopped', () => {
  assert.match(scoringProgress(record(0)), /^Waiting to be scored/);
  assert.equal(scoringProgress(record(12_000)), '12,000 of 20,000 rows scored');
  const failure = { part: 1, reason: 'The model is gone.', at: '2026-01-01T00:00:00Z' };
  assert.equal(scoringProgress(record(12_000, failure)), 'Scoring has stopped: The model is gone.');
});
