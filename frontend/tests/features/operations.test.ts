import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Run } from '../../src/api/types.ts';
import { trainingOutcome } from '../../src/features/operations/trainingOutcome.ts';

const RUN: Run = {
  id: 'r1',
  kind: 'training',
  status: 'SUCCEEDED',
  reason: 'v2 PASSED',
  counts: { gates: 8, gates_failed: 0 },
  started_at: '2026-01-01T00:00:00Z',
  seconds: 99,
};

test('a training whose model passed its gates succeeded', () => {
  assert.deepEqual(trainingOutcome(RUN), { failed: false, sentence: 'Training succeeded after 99 s. v2 passed all its gates and can be promoted.' });
});

test('a training whose model failed a gate is a failure, though its run succeeded', () => {
  const run = { ...RUN, reason: 'v2 FAILED: ROC-AUC is 0.6.', counts: { gates: 8, gates_failed: 1 } };
  assert.deepEqual(trainingOutcome(run), { failed: true, sentence: "The model failed 1 gate, so v2 isn't used: ROC-AUC is 0.6." });
});

test('a training that broke off or had nothing to learn from is a failure', () => {
  assert.deepEqual(trainingOutcome({ ...RUN, status: 'FAILED', reason: 'Too few.' }), {
    failed: true,
    sentence: 'Training failed after 99 s: Too few.',
  });
  assert.equal(trainingOutcome({ ...RUN, status: 'SKIPPED', reason: 'no_labelled_rows' }).failed, true);
});
