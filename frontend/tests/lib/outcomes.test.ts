import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Outcome } from '../../src/api/types.ts';
import { effects } from '../../src/lib/outcomes.ts';

const outcome = (model_version: string | null, counts: boolean): Outcome => ({
  enrollee_id: 7,
  observed_at: '2026-01-01T00:00:00Z',
  changed_job: true,
  prediction_id: model_version && 'p1',
  model_version,
  probability: model_version === null ? null : 0.5,
  counts,
  counts_from: model_version && '2026-01-01T00:00:00Z',
});

test('of several outcomes about one version the newest that counts by now does', () => {
  const outcomes = [outcome('m2', false), outcome('m2', true), outcome(null, false), outcome('m1', true), outcome('m2', true)];
  assert.deepEqual(effects(outcomes), ['waiting', 'counts', 'unjoined', 'counts', 'superseded']);
});
