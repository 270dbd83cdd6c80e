import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Interval, MonthlyImpact } from '../../../src/api/types.ts';
import { changes, comparedOn, difference, isCertain, metric, rocCurve } from '../../../src/features/model/card.ts';
import { impactSentence } from '../../../src/features/model/impact.ts';
import { withInterval } from '../../../src/features/model/metrics.ts';
import { lastMonths, monthName } from '../../../src/features/model/months.ts';

const around = (value: number, half: number): Interval => ({ value, low: value - half, high: value + half });

test('a difference is as uncertain as both figures together', () => {
  const found = difference(around(0.7, 0.03), around(0.8, 0.04)) ?? assert.fail();
  assert.ok(Math.abs(found.value - 0.1) < 1e-9);
  assert.ok(Math.abs(found.low - 0.05) < 1e-9 && Math.abs(found.high - 0.15) < 1e-9);
  assert.equal(isCertain(found), true);
  assert.equal(isCertain(difference(around(0.8, 0.04), around(0.8, 0.04)) ?? assert.fail()), false);
  assert.equal(difference(null, around(0.8, 0.04)), null);
});

test('a metric without an interval is shown without one', () => {
  const version = { metrics: { roc_auc: 0.8 }, card: {} };
  assert.equal(withInterval(metric(version, 'roc_auc') ?? assert.fail()), '0.800');
  assert.equal(metric(version, 'brier'), null);
  const known = { ...version, card: { intervals: { roc_auc: around(0.8, 0.01) } } };
  assert.equal(withInterval(metric(known, 'roc_auc') ?? assert.fail()), '0.800 (0.790 to 0.810)');
});

test('a comparison says by which candidates it is', () => {
  const paired = { rows: 1200, roc_auc: around(0.01, 0.005), log_loss: around(0, 0.01) };
  assert.match(comparedOn(paired), /log loss, B minus A is measured on the 1,200 candidates that both were trained on\. Its other intervals take/);
  const few = comparedOn({ rows: 499, roc_auc: null, log_loss: null });
  assert.match(few, /^The two trainings share 499 candidates, too few to measure a difference on\. .* different candidates/);
  assert.match(comparedOn(null), /^The intervals of B minus A take the two for measured on different candidates/);
});

test('a ROC curve begins with everybody called and ends with nobody', () => {
  const operating_points = { thresholds: [0, 0.5, 1], rows: 10, looking: 4, called: [10, 5, 0], right: [4, 3, 0] };
  assert.deepEqual(rocCurve({ operating_points }), [
    { threshold: 0, truePositiveRate: 1, falsePositiveRate: 1 },
    { threshold: 0.5, truePositiveRate: 0.75, falsePositiveRate: 2 / 6 },
    { threshold: 1, truePositiveRate: 0, falsePositiveRate: 0 },
  ]);
  assert.deepEqual(rocCurve({}), []);
});

test('what is the same in both is no change', () => {
  assert.deepEqual(changes({ rows: 1, seed: 7, old: true }, { rows: 2, seed: 7, fresh: 'x' }), [
    { name: 'rows', before: '1', after: '2' },
    { name: 'old', before: 'true', after: '–' },
    { name: 'fresh', before: '–', after: 'x' },
  ]);
});

test('months go back over the turn of the year', () => {
  assert.deepEqual(lastMonths(3, new Date('2026-01-31T23:59:59Z')), ['2026-01', '2025-12', '2025-11']);
  assert.equal(monthName('2025-12'), 'December 2025');
});

test('a month is judged by its worst verdict', () => {
  const group = (name: string, verdict: MonthlyImpact['groups'][number]['verdict']): MonthlyImpact['groups'][number] => ({
    group: name,
    rows: 10,
    selected: 5,
    rate: around(0.5, 0.1),
    ratio: verdict && around(0.7, 0.05),
    verdict,
  });
  const sentence = (...groups: MonthlyImpact['groups']): string =>
    impactSentence({ month: '2026-11', column: 'c', groups, unknown: 0 }, (_, name) => name.toUpperCase());
  assert.match(sentence(group('a', 'below_four_fifths'), group('b', 'too_few_to_say')), /less than four fifths .*: A \(0\.70\)\.$/);
  assert.match(sentence(group('a', 'too_few_to_say'), group('b', null)), /too few .*: A \(0\.70\)\.$/);
  assert.match(sentence(group('a', 'at_least_four_fifths'), group('b', null)), /every group is called at least/);
  assert.match(sentence(group('b', null)), /no other group/);
});
