import assert from 'node:assert/strict';
import { test } from 'node:test';
import { change, count, duration, finePercent, humanize, integer, latency, percent, signed, size } from '../../src/lib/format.ts';

test('a probability is shown as a whole percentage', () => {
  assert.deepEqual([0, 0.004, 0.005, 0.546, 1].map(percent), ['0%', '0%', '1%', '55%', '100%']);
});

test('a limit is shown to a tenth of a percent', () => {
  assert.deepEqual([0.2564, 0.3].map(finePercent), ['25.6%', '30.0%']);
});

test('numbers have separators, and a noun its plural', () => {
  assert.deepEqual([0, 1, 1200].map((number) => count(number, 'row')), ['0 rows', '1 row', '1,200 rows']);
  assert.equal(integer(1234567), '1,234,567');
});

test('a size is shown in megabytes with one decimal at most, a small one in kilobytes', () => {
  assert.deepEqual([2 ** 20, 1.55 * 2 ** 20, 2 ** 30].map(size), ['1 MB', '1.6 MB', '1,024 MB']);
  assert.deepEqual([0, 1, 1024, 2 ** 20 - 1].map(size), ['0 KB', '1 KB', '1 KB', '1,024 KB']);
});

test('a number has its sign, and zero after rounding has none', () => {
  assert.deepEqual([0.42, -1.3, 0.001, -0.001, 0].map((number) => signed(number)), ['+0.42', '−1.30', '0.00', '0.00', '0.00']);
  assert.equal(signed(-2.06, 1), '−2.1');
});

test('a change is the difference of the percentages that are shown', () => {
  assert.equal(change(0.556, 0.544), '2 points more than the 54% before');
  assert.equal(change(0.53, 0.54), '1 point less than the 54% before');
  assert.equal(change(0.542, 0.538), 'Still 54%');
});

test('a duration has the unit that suits it', () => {
  assert.deepEqual([0.94, 9.9, 45.4, 119, 120, 7199, 7200].map(duration), ['0.9 s', '9.9 s', '45 s', '119 s', '2 min', '120 min', '2 h']);
});

test('a latency below a second is in milliseconds', () => {
  assert.deepEqual([0.0042, 0.25, 1.25, 29].map(latency), ['4 ms', '250 ms', '1.3 s', '29 s']);
});

test('an identifier is shown as words', () => {
  assert.deepEqual(['unknown_category', 'SKIPPED', ''].map(humanize), ['Unknown category', 'Skipped', '']);
});
