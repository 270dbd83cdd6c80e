import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DriftByDay, Quality, Traffic } from '../../../src/api/types.ts';
import {
  alertsFinding,
  apiLatencyFinding,
  badShareFinding,
  criticalityFinding,
  driftFinding,
  groupFinding,
  issuesFinding,
  latencyFinding,
  lookingFinding,
  missingFinding,
  requestsFinding,
  rowsFinding,
  scoresFinding,
  waitingFinding,
} from '../../../src/features/monitoring/findings.ts';
import { alertPoints, driftCells, groupRows, missingCells, sharesLooking } from '../../../src/features/monitoring/series.ts';

const DAYS = ['stable', 'drifted'].map((verdict, at) => ({
  day: `2026-01-0${at + 1}`,
  rows: 400,
  model_version: 'm',
  verdict,
  columns: [{ column: 'company_size', psi: at, threshold: 0.1, verdict }],
  score: null,
  missing: [{ column: 'company_size', share: at, training: 0.31 }],
})) as DriftByDay['days'];
const label = (): string => 'Company size';

test('a column that drifted or is empty is named', () => {
  assert.equal(driftFinding(driftCells(DAYS, label)), 'Drifted on 2026-01-02: Company size.');
  assert.equal(driftFinding(driftCells(DAYS.toReversed(), label)), 'Nothing has drifted on 2026-01-01; before: Company size.');
  assert.equal(driftFinding(driftCells(DAYS.slice(0, 1), label)), 'No column has drifted in this window.');
  assert.equal(missingFinding(missingCells(DAYS, label)), 'Company size was empty in 100% of the rows of 2026-01-02; in training in 31%.');
  assert.equal(missingFinding(missingCells(DAYS.slice(0, 1), label)), 'No column is empty much more often than in training.');
});

test('rows, their worst share of bad ones and their issues are said in a sentence', () => {
  const points = [{ at: 'x', files: 2, total: 1000, good: 990, bad: 10, repaired: 0, recovered: 0 }];
  assert.equal(rowsFinding({ points }), '1,000 rows came in 2 files; 1.0% were bad.');
  assert.equal(rowsFinding({ points: [] }), null);
  const limits = [{ from: 0.05, colour: 'orange' as const, name: 'major from 5%' }];
  const at = '2026-01-01T00:00:00Z';
  assert.match(badShareFinding([{ at, share: 0.01 }, { at, share: 0.5 }], limits) ?? '', /^Worst at .*: 50\.0% bad, major from 5%\.$/);
  assert.match(badShareFinding([{ at, share: 0.01 }], limits) ?? '', /below every limit/);
  assert.equal(badShareFinding([{ at, share: 0 }], limits), 'No row was bad.');
  assert.equal(issuesFinding([{ series: 'A', value: 1 }, { series: 'B', value: 5 }]), 'Most frequent: B, in 5 rows.');
  assert.equal(criticalityFinding({ ok: 3, major: 1 }), '1 of 4 files is major or critical.');
});

test('half of the files were scored within the median', () => {
  const latency = [9, 30, 300].map((seconds, file) => ({ at: '', file_id: '', name: `${file}.csv`, seconds }));
  assert.equal(
    latencyFinding(latency as Quality['latency']),
    'Half of the files were scored within 30 s; the slowest, 2.csv, took 5 min.',
  );
  assert.equal(latencyFinding([]), null);
});

test('the share looking is over all sources', () => {
  const points = [
    { at: 'x', source: 'api', predictions: 30, will_change: 3 },
    { at: 'x', source: 'webapp', predictions: 10, will_change: 7 },
  ] as Traffic['points'];
  assert.deepEqual(sharesLooking(points), [{ at: 'x', predictions: 40, share: 0.25 }]);
  assert.equal(lookingFinding({ points }, 0.2), '25.0% of the candidates are likely to be looking; on average 20.0% were in training.');
});

test('the longest queue is named, and dead letters are', () => {
  const point = (waiting: number, dead_letters: number) => ({ at: '2026-01-01T00:00:00Z', queue: 'score' as const, waiting, dead_letters });
  assert.match(waitingFinding([point(1, 0), point(7, 0)]) ?? '', /^At most 7 messages waited \(parts to score, .*\); there were no dead letters\.$/);
  assert.equal(waitingFinding([point(0, 1)]), 'Nothing waited; there were up to 1 dead letter.');
  assert.equal(waitingFinding([]), null);
});

test('requests are counted by how they ended, and their latencies are about right', () => {
  const total = { answered: 1200, refused: 1, failed: 0, p50: 0.021, p95: 0.11, p99: 1.3 };
  assert.equal(requestsFinding(total), '1,201 requests; 1 was refused, none failed.');
  assert.equal(requestsFinding({ ...total, refused: 0, failed: 3 }), '1,203 requests; none was refused, 3 failed.');
  assert.equal(apiLatencyFinding(total), 'Half took at most about 21 ms, 95% about 110 ms and 99% about 1.3 s.');
  const none = { answered: 0, refused: 0, failed: 0, p50: null, p95: null, p99: null };
  assert.equal(requestsFinding(none), null);
  assert.equal(apiLatencyFinding({ ...none, refused: 9 }), null);
});

test('a group has what is expected of it and what outcomes say, or one of both', () => {
  const figure = (value: number) => ({ value, low: value - 0.1, high: value + 0.1 });
  const quality = (auc: number | null) => ({ candidates: 50, rate: figure(0.3), auc: auc === null ? null : figure(auc), precision: null, recall: null });
  const group = (level: string, auc: number | null) => ({ column: 'gender', level, expected_auc: 0.8, ...quality(auc) });
  const name = (column: string, level: string): string => `${column} ${level}`;
  const expected = [{ column: 'gender', level: 'a', expected: quality(0.7) }, { column: 'gender', level: 'b', expected: quality(0.8) }];
  const rows = groupRows(expected, [group('b', 0.6), group('c', null)], name);

  assert.deepEqual(rows.map(({ name, expected, measured }) => [name, expected?.auc?.value, measured?.auc?.value]), [
    ['gender a', 0.7, undefined],
    ['gender b', 0.8, 0.6],
    ['gender c', undefined, undefined],
  ]);
  assert.equal(groupFinding(rows), 'Lowest expected: 0.700, gender a; lowest by outcomes: 0.600, gender b.');
  assert.equal(groupFinding(rows.slice(0, 1)), 'Lowest expected: 0.700, gender a.');
  assert.equal(groupFinding(groupRows([], [group('b', 0.6)], name)), 'Lowest by outcomes: 0.600, gender b.');
  assert.equal(groupFinding(rows.slice(2)), null);
});

test('the average probability is that of the bins\' middles', () => {
  const bins = [{ from: 0, to: 0.5, observed: 0.5, training: 1 }, { from: 0.5, to: 1, observed: 0.5, training: 0 }];
  assert.equal(scoresFinding(bins), 'The average probability is about 50%; in training it was about 25%.');
});

test('alerts are counted by bucket and criticality', () => {
  const alerts = [1, 2, 9].map((minute) => ({ at: `2026-01-01T00:0${minute}:00Z`, criticality: 'major' as const }));
  assert.deepEqual(alertPoints(alerts, 300).map(({ at, series, value }) => [at.slice(11, 16), series, value]), [
    ['00:00', 'Major', 2],
    ['00:05', 'Major', 1],
  ]);
  assert.equal(alertsFinding(alerts), '3 alerts in this window; most are major.');
});
