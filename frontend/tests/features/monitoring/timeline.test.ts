import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Alert, ListedModel } from '../../../src/api/types.ts';
import { csvRecords, readout } from '../../../src/features/monitoring/readout.ts';
import { LOOKBACKS, allowedRange, queryOf, rangeOf, spanOf } from '../../../src/features/monitoring/lookback.ts';
import {
  bucketSeconds,
  crosshair,
  filesOf,
  marksOf,
  pastOf,
  placesAt,
} from '../../../src/features/monitoring/timeline.ts';

const NOW = new Date('2026-01-10T12:00:00Z');
const at = (text: string): Date => new Date(`2026-01-${text}:00Z`);
const allowed = (one: string, other: string) => allowedRange(at(one), at(other), NOW);

test('a range that was dragged over is taken in either direction', () => {
  const range = { start: '2026-01-09T10:00:00.000Z', end: '2026-01-09T11:00:00.000Z' };
  assert.deepEqual(allowed('09T10:00', '09T11:00'), range);
  assert.deepEqual(allowed('09T11:00', '09T10:00'), range);
});

test('every range is as the API takes it: half an hour to 90 days, and nothing after now', () => {
  const minute = 60_000;
  for (let step = 0; step < 400; step++) {
    const [one, other] = [step * 7919, step * step * 104_729].map((each) => new Date(NOW.getTime() + (each % 200_000 - 190_000) * minute));
    const range = allowedRange(one!, other!, NOW)!;
    const length = (new Date(range.end).getTime() - new Date(range.start).getTime()) / minute;
    assert.ok(length >= 30 - 1e-6 && length <= 90 * 24 * 60, `${length} minutes`);
    assert.ok(new Date(range.end) <= NOW);
  }
  assert.deepEqual(allowed('09T10:00', '09T10:10'), { start: '2026-01-09T09:50:00.000Z', end: '2026-01-09T10:20:00.000Z' });
  assert.equal(allowedRange(new Date('never'), NOW, NOW), null);
});

test('a span is found again in the query that it is written to', () => {
  for (const lookback of LOOKBACKS) assert.equal(spanOf(queryOf(lookback)), lookback);
  const own = spanOf({ start: '2025-01-01T00:00:00.000Z', end: '2025-01-02T00:00:00.000Z' });
  assert.deepEqual(rangeOf(own), { start: '2025-01-01T00:00:00.000Z', end: '2025-01-02T00:00:00.000Z' });
  assert.deepEqual(spanOf(queryOf(own)), own);
});

test('an address without a possible range shows the usual six hours', () => {
  for (const query of [{}, { window: 'eternity' }, { start: 'x', end: 'y' }, { start: '2026-01-01T00:00:00Z' }]) {
    assert.equal(spanOf(query), LOOKBACKS[1]);
  }
});

test('a moment belongs to the buckets that hold it, or to the nearest instant', () => {
  const instants = ['2026-01-09T10:00:00Z', '2026-01-09T10:00:00Z', '2026-01-09T10:05:00Z'];
  assert.deepEqual(placesAt(instants, 300, at('09T10:04')), [0, 1]);
  assert.deepEqual(placesAt(instants, 300, at('09T10:05')), [2]);
  assert.deepEqual(placesAt(instants, 300, at('09T10:10')), []);
  assert.deepEqual(placesAt(instants, 0, at('09T10:03')), [2]);
  assert.deepEqual(placesAt([], 0, NOW), []);
});

test('a range has the buckets that the API gives it', () => {
  const buckets = [1, 25, 26, 24 * 12, 24 * 13].map((hours) =>
    bucketSeconds({ start: '2026-01-01T00:00:00Z', end: new Date(Date.UTC(2026, 0, 1, hours)).toISOString() }),
  );
  assert.deepEqual(buckets, [300, 300, 3600, 3600, 86_400]);
});

test('what happened in a range is marked, the newest first', () => {
  const model = { version: 'm1', created_at: '2026-01-02T00:00:00Z', promoted_at: '2026-01-03T00:00:00Z', promoted_by: 'ann' };
  const alert = { at: '2026-01-04T00:00:00Z', title: 'Lag' };
  const range = { start: '2026-01-02T12:00:00Z', end: '2026-01-05T00:00:00Z' };
  assert.deepEqual(marksOf(range, [model as ListedModel], [alert as Alert]), [
    { at: alert.at, letter: 'A', label: 'Lag' },
    { at: model.promoted_at, letter: 'P', label: 'm1 was promoted by ann' },
  ]);
});

test('who follows the crosshair hears where it is until he stops', () => {
  const pointer = crosshair();
  const heard: (Date | null)[] = [];
  const stop = pointer.follow((moment) => heard.push(moment));
  pointer.move(NOW);
  stop();
  pointer.move(null);
  assert.deepEqual(heard, [NOW]);
});

test('a point leads to the rows behind it', () => {
  assert.equal(filesOf('2026-01-09T10:00:00Z', 300), '#files?start=2026-01-09T10%3A00%3A00.000Z&end=2026-01-09T10%3A05%3A00.000Z');
  assert.match(pastOf('2026-01-09T12:00:00Z', 'api'), /^#past\?from=2026-01-09&to=2026-01-09&source=api$/);
});

test('a spreadsheet gets instants in UTC, and the crosshair a line of figures', () => {
  const [heads, records] = [['From', 'Rows', 'Source'], [['9 Jan, 10:00', 1234, 'API']]];
  assert.deepEqual(csvRecords(heads, records, ['2026-01-09T10:00:00Z']), [
    ['From (UTC)', 'Rows', 'Source'],
    ['2026-01-09T10:00:00Z', 1234, 'API'],
  ]);
  assert.deepEqual(csvRecords(heads, records), [heads, ...records]);
  assert.equal(readout(heads, records[0]!), '9 Jan, 10:00: Rows 1,234, API');
});
