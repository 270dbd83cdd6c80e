import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FileRecord, Quality } from '../../../src/api/types.ts';
import {
  badShareLimits,
  bucketNote,
  colourByName,
  colourOfShare,
  emptyText,
  issueSeries,
  issueSummary,
  scoreBins,
  wholeDays,
} from '../../../src/features/monitoring/series.ts';
import { CONTRACT } from '../../samples.ts';

type Issue = Quality['issues'][number];

const issue = (type: string, rows: number): Issue => ({ at: '2026-01-01T00:00:00Z', type: type as Issue['type'], rows });

test('a share has the colour of the highest limit that it reaches', () => {
  const limits = badShareLimits(CONTRACT);
  assert.deepEqual([0, 0.049, 0.05, 0.199, 0.2, 1].map((share) => colourOfShare(share, limits)), [
    'green',
    'green',
    'orange',
    'orange',
    'red',
    'red',
  ]);
});

test('without limits in the contract every share below 1 is green', () => {
  assert.equal(colourOfShare(0.99, badShareLimits({ ...CONTRACT, bad_shares: {} })), 'green');
});

test('up to seven types of issue have a series each, most frequent first', () => {
  const { legend, points } = issueSeries({ issues: [issue('missing_value', 1), issue('out_of_range', 2), issue('missing_value', 3)] });
  assert.deepEqual(legend, [
    { name: 'Missing value', colour: 'blue' },
    { name: 'Out of range', colour: 'brown' },
  ]);
  assert.deepEqual(points.map(({ series, value }) => [series, value]), [['Missing value', 1], ['Out of range', 2], ['Missing value', 3]]);
});

test('of more than seven types of issue the rarest share one series', () => {
  const issues = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((type, at) => issue(type, 10 - at));
  const { legend, points } = issueSeries({ issues });
  assert.deepEqual(legend.map(({ name }) => name), ['A', 'B', 'C', 'D', 'E', 'F', 'Others']);
  assert.deepEqual(points.slice(5).map(({ series }) => series), ['F', 'Others', 'Others']);
});

test('a file\'s issues are summed over its columns', () => {
  const issues = [issue('missing_value', 2), issue('out_of_range', 4), issue('missing_value', 1000)];
  assert.equal(issueSummary({ issues: issues as unknown as FileRecord['issues'] }), 'Missing value 1,002, Out of range 4');
});

test('scores are shares of their total, and of the training\'s', () => {
  const { total, bins } = scoreBins({ bins: [0, 0.5, 1], observed: [3, 1], training: [10, 30] });
  assert.equal(total, 4);
  assert.deepEqual(bins, [
    { from: 0, to: 0.5, observed: 0.75, training: 0.25 },
    { from: 0.5, to: 1, observed: 0.25, training: 0.75 },
  ]);
});

test('without predictions, or without training counts, there are no shares', () => {
  assert.deepEqual(scoreBins({ bins: [0, 1], observed: [0], training: null }), {
    total: 0,
    bins: [{ from: 0, to: 1, observed: 0, training: null }],
  });
  assert.equal(scoreBins({ bins: [0, 1], observed: [1], training: [0] }).bins[0]?.training, null);
});

test('a window is widened to the whole days that it shows', () => {
  const window = { start: '2026-01-01T06:00:00.000Z', end: '2026-01-03T06:00:00.000Z' };
  const day = (text: string) => ({ day: text, rows: 1, columns: [], score: null, model_version: 'm1', verdict: 'stable' as const });
  assert.deepEqual(wholeDays({ ...window, days: [] }), window);
  assert.deepEqual(wholeDays({ ...window, days: [day('2026-01-01'), day('2026-01-03')] }), {
    start: '2026-01-01T00:00:00.000Z',
    end: '2026-01-03T23:59:59.999Z',
  });
});

test('the length of a bucket is said in words', () => {
  assert.deepEqual([60, 300, 3600, 86_400].map(bucketNote), [
    'Each bar is 60 seconds.',
    'Each bar is 5 min.',
    'Each bar is an hour.',
    'Each bar is a day (UTC).',
  ]);
});

test('only a chart without points has a text instead', () => {
  assert.equal(emptyText([1]), null);
  assert.match(emptyText([]) ?? '', /^Nothing in this window/);
});

test('a series is drawn in the colour of the style sheet that its legend has', () => {
  assert.deepEqual([...colourByName([{ name: 'good', colour: 'green' }])], [['good', 'var(--green)']]);
});
