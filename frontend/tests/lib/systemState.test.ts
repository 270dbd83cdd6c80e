import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { State } from '../../src/api/types.ts';
import { erasedTexts } from '../../src/lib/erasure.ts';
import { ago, stateItems } from '../../src/lib/systemState.ts';

const NOW = new Date('2026-01-01T12:00:00Z');
const QUIET: State = {
  open_alerts: 0,
  unacknowledged: 0,
  worst: null,
  queues: [{ queue: 'ingest', waiting: 0, dead_letters: 0 }],
  watched_at: '2026-01-01T11:58:00Z',
  run_at: '2026-01-01T11:59:30Z',
  run_failed: false,
  file_at: '2025-12-29T12:00:00Z',
};

const wrong = (state: Partial<State>): string[] =>
  stateItems({ ...QUIET, ...state }, NOW)
    .filter(({ criticality }) => criticality !== null && criticality !== 'ok')
    .map(({ text, criticality }) => `${criticality}: ${text}`);

test('a quiet system has nothing that stands out', () => {
  assert.deepEqual(wrong({}), []);
  assert.deepEqual(
    stateItems(QUIET, NOW).map(({ text }) => text),
    ['No open alerts', 'Nothing waits', 'Watch 2 min ago', 'Last run just now', 'Newest file 3 days ago'],
  );
});

test('what is wrong stands out as it is bad', () => {
  assert.deepEqual(wrong({ open_alerts: 2, unacknowledged: 1, worst: 'critical' }), ['critical: 2 alerts open']);
  assert.deepEqual(wrong({ open_alerts: 1, unacknowledged: 0, worst: 'minor' }), ['minor: 1 alert open, acknowledged']);
  assert.deepEqual(wrong({ queues: [{ queue: 'score', waiting: 3, dead_letters: 1 }] }), ['critical: 1 dead letter']);
  assert.deepEqual(wrong({ watched_at: '2026-01-01T11:40:00Z' }), ['major: Watch 20 min ago']);
  assert.deepEqual(wrong({ watched_at: null, run_at: null }), []);
  assert.deepEqual(wrong({ run_failed: true }), ['major: Last run failed, just now']);
});

test('who may not see the queues sees nothing of them', () => {
  assert.ok(!stateItems({ ...QUIET, queues: null }, NOW).some(({ text }) => /wait/.test(text)));
});

test('how long ago something was', () => {
  const times = ['2026-01-01T11:59:50Z', '2026-01-01T11:30:00Z', '2026-01-01T02:00:00Z', '2025-12-01T12:00:00Z'];
  assert.deepEqual(times.map((at) => ago(at, NOW)), ['just now', '30 min ago', '10 h ago', '31 days ago']);
});

test('a receipt is in plain words, and what was not there is left out', () => {
  assert.deepEqual(erasedTexts({ predictions: 2, outcomes: 0, raw: 5, good: 1, new_place: 3 }), [
    '2 predictions',
    '5 rows in dropped files',
    '1 good row of files',
    'new place: 3',
  ]);
  assert.deepEqual(erasedTexts({ predictions: 0 }), []);
});
