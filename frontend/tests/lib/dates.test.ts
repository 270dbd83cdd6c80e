import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { bounds, endOf, lastDays, utcTime } from '../../src/lib/dates.ts';

/** Runs the rest of a test in a time zone. */
function inZone(context: TestContext, zone: string): void {
  const before = process.env.TZ;
  process.env.TZ = zone;
  context.after(() => {
    if (before === undefined) delete process.env.TZ;
    else process.env.TZ = before;
  });
}

test('a period begins at the first midnight of its first day and ends at the midnight after its last', (context) => {
  inZone(context, 'Asia/Kolkata');
  assert.deepEqual(bounds({ from: '2026-02-27', to: '2026-02-28' }), {
    start: '2026-02-26T18:30:00.000Z',
    end: '2026-02-28T18:30:00.000Z',
  });
});

test('a day on which the clocks change is as long as it is', (context) => {
  inZone(context, 'Europe/Berlin');
  const hours = (day: string): number => {
    const { start, end } = bounds({ from: day, to: day }) ?? assert.fail();
    return (Date.parse(end) - Date.parse(start)) / 3_600_000;
  };
  assert.deepEqual(['2026-03-28', '2026-03-29', '2026-10-25'].map(hours), [24, 23, 25]);
});

test('the last day of a year ends in the next one', (context) => {
  inZone(context, 'UTC');
  assert.equal(bounds({ from: '2026-12-31', to: '2026-12-31' })?.end, '2027-01-01T00:00:00.000Z');
});

test('a period without a day or with its days reversed has no bounds', () => {
  assert.equal(bounds({ from: '', to: '2026-01-01' }), null);
  assert.equal(bounds({ from: '2026-01-01', to: '' }), null);
  assert.equal(bounds({ from: '2026-01-02', to: '2026-01-01' }), null);
});

test('the last days include today, by the clock of the user', (context) => {
  inZone(context, 'Pacific/Auckland');
  context.mock.timers.enable({ apis: ['Date'], now: Date.parse('2026-02-28T12:30:00Z') });
  assert.deepEqual(lastDays(1), { from: '2026-03-01', to: '2026-03-01' });
  assert.deepEqual(lastDays(7), { from: '2026-02-23', to: '2026-03-01' });
});

test('a time in UTC is shown to the second', () => {
  assert.equal(utcTime('2026-01-02T05:04:05.678+02:00'), '2026-01-02 03:04:05 UTC');
});

test('a day ends a second before the next one, and today is not over', (context) => {
  inZone(context, 'Asia/Kolkata');
  assert.equal(endOf('2026-02-27'), '2026-02-27T18:29:59.000Z');
  const [before, today] = [Date.now(), endOf(lastDays(1).to)];
  assert.ok(Date.parse(today) >= before && Date.parse(today) <= Date.now());
});
