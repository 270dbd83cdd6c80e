import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Problem } from '../../../src/api/problem.ts';
import type { Candidate, Prediction } from '../../../src/api/types.ts';
import { TooLarge, ignoredNote, readSheet, score, scoredRecords } from '../../../src/features/batch/sheet.ts';
import { CONTRACT, prediction } from '../../samples.ts';

/** An API that refuses texts for hours, naming only the first such candidate of each request. */
async function predict(candidates: Candidate[]): Promise<Prediction[]> {
  const row = candidates.findIndex(({ hours }) => typeof hours === 'string');
  if (row >= 0) throw new Problem('Not valid', '', 422, [{ row, field: 'hours', reason: 'Not a number.' }]);
  return candidates.map(prediction);
}

test('columns that the contract does not know and the target are left out and listed', () => {
  const sheet = readSheet('city,shoe,target\nx,1,1\n', CONTRACT);
  assert.deepEqual(sheet.ignored, ['shoe', 'target']);
  assert.match(ignoredNote(sheet.ignored) ?? '', /shoe.*target/);
  assert.equal(ignoredNote([]), null);
});

test('a row that does not fit the header is set aside with its number', () => {
  const sheet = readSheet('city,hours\nx,1\ny,2,3\nz\n', CONTRACT);
  assert.deepEqual(sheet.rows.map(({ number }) => number), [1]);
  assert.deepEqual(sheet.malformed.map(({ row }) => row.number), [2, 3]);
});

test('a file without a known column, with one twice or without rows is refused whole', () => {
  assert.throws(() => readSheet('a;b\n1;2\n', CONTRACT), /No known column/);
  assert.throws(() => readSheet('city,city\nx,y\n', CONTRACT), /twice/);
  assert.throws(() => readSheet('city,hours\n', CONTRACT), /No rows/);
});

test('plain numbers are sent as numbers, other texts as they are, empty cells not at all', async () => {
  const sent: Candidate[][] = [];
  const { rows } = readSheet('enrollee_id,city,hours\n7,007,1e2\n8,,12 h\n', CONTRACT);
  await score(rows, CONTRACT, async (candidates) => {
    sent.push(candidates);
    return candidates.map(prediction);
  });
  assert.deepEqual(sent, [[{ enrollee_id: 7, city: '007', hours: 100 }, { enrollee_id: 8, hours: '12 h' }]]);
});

test('rows that the API refuses are set aside with its reasons and the others are scored', async () => {
  const { rows } = readSheet('enrollee_id,city,hours\n1,x,one\n2,y,2\n3,z,three\n', CONTRACT);
  const { scored, refused } = await score(rows, CONTRACT, predict);
  assert.deepEqual(scored.map(({ row, prediction }) => [row.number, prediction.id]), [[2, 'p2']]);
  assert.deepEqual(refused.map(({ row, reasons }) => [row.number, reasons[0]?.reason]), [
    [1, 'Not a number.'],
    [3, 'Not a number.'],
  ]);
});

test('when every row is refused nothing is scored', async () => {
  const { rows } = readSheet('enrollee_id,city,hours\n1,x,one\n', CONTRACT);
  assert.deepEqual((await score(rows, CONTRACT, predict)).scored, []);
});

test('a problem that is not about single rows is passed on', async () => {
  const { rows } = readSheet('city\nx\n', CONTRACT);
  const down = async (): Promise<never> => {
    throw new Problem('No model yet', 'Train one.', 503);
  };
  await assert.rejects(score(rows, CONTRACT, down), /No model yet/);
});

test('more rows or bytes than the contract allows are not sent', async () => {
  const never = async (): Promise<never> => assert.fail('sent all the same');
  const many = readSheet('city\na\nb\nc\nd\n', CONTRACT);
  await assert.rejects(score(many.rows, CONTRACT, never), { size: '4 rows' });
  const long = readSheet(`city\n${'x'.repeat(1000)}\n`, CONTRACT);
  await assert.rejects(score(long.rows, CONTRACT, never), TooLarge);
});

test('the table holds the row number, the features and the prediction', async () => {
  const { rows } = readSheet('enrollee_id,city,hours\n5,x,\n', CONTRACT);
  const { scored } = await score(rows, CONTRACT, predict);
  assert.deepEqual(scoredRecords(scored, CONTRACT)[1], [1, 5, 'x', null, 0.25, false, 'm1', '2026-01-01T00:00:00Z', 'p5']);
});
