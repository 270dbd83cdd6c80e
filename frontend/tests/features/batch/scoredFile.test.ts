import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Problem } from '../../../src/api/problem.ts';
import type { RefusedRow, ScoredFile } from '../../../src/api/types.ts';
import { fileRecords, reasons, scoreAtOnce, summary } from '../../../src/features/batch/scoredFile.ts';
import { CONTRACT, prediction } from '../../samples.ts';

const REFUSED: RefusedRow = {
  row: 2,
  issues: [
    { type: 'unknown_category', column: 'city', value: '=atown', message: 'Did you mean “town”?' },
    { type: 'missing_value', column: 'hours', value: null, message: 'It is missing.' },
    { type: 'malformed_row', column: null, value: null, message: 'The row has 4 cells and the header 3.' },
  ],
};

/** Rows 1 and 3 are scored, row 2 is refused. */
const SCORED: ScoredFile = {
  predictions: [1, 3].map((row) => ({ ...prediction({ enrollee_id: 70 + row, city: 'x' }), row })),
  refused: [REFUSED],
  notes: [],
  others: null,
};

async function never(): Promise<never> {
  assert.fail('sent all the same');
}

test('a file is sent as it is, under the type that its name says', async () => {
  const sent: [Blob, string][] = [];
  const types = ['May.csv', 'May.TSV', 'May.txt', 'May.csv.gz', 'May.txt.GZ'];
  for (const name of types) {
    const file = new File(['\ufeffcity;hours\r\n"x'], name);
    const result = await scoreAtOnce(file, CONTRACT.limits, async (body, type) => {
      sent.push([body, type]);
      return SCORED;
    });
    assert.equal(result, SCORED);
    assert.equal(sent.at(-1)?.[0], file);
  }
  const [text, packed] = ['text/csv', 'application/gzip'];
  assert.deepEqual(sent.map(([, type]) => type), [text, text, text, packed, packed]);
});

test('a workbook and a file of too many bytes are not sent, and too many rows are for the API to find', async () => {
  const file = (name: string, bytes: number): File => new File(['x'.repeat(bytes)], name);
  assert.equal(await scoreAtOnce(file('May.xlsx', 10), CONTRACT.limits, never), null);
  assert.equal(await scoreAtOnce(file('May.csv', CONTRACT.limits.bytes + 1), CONTRACT.limits, never), null);
  const tooMany = async (): Promise<never> => {
    throw new Problem('Too large', 'A file has at most 3 rows.', 413);
  };
  assert.equal(await scoreAtOnce(file('May.csv', CONTRACT.limits.bytes), CONTRACT.limits, tooMany), null);
});

test('a problem with the file is passed on', async () => {
  const unusable = async (): Promise<never> => {
    throw new Problem('Not valid', 'The column city is missing.', 422);
  };
  await assert.rejects(scoreAtOnce(new File(['x'], 'a.csv'), CONTRACT.limits, unusable), /city is missing/);
});

test('every row of the file is counted', () => {
  assert.equal(summary(SCORED), '2 of 3 rows scored, 1 refused.');
  assert.equal(summary({ ...SCORED, refused: [] }), '2 of 2 rows scored.');
  assert.equal(summary({ ...SCORED, predictions: [] }), '0 of 1 row scored, 1 refused.');
});

test('a reason names the column and the value', () => {
  assert.equal(
    reasons(REFUSED),
    'city “=atown”: Did you mean “town”?; hours: It is missing.; The row has 4 cells and the header 3.',
  );
});

const HEADER = [
  ...['rank', 'row', 'enrollee_id', 'city', 'hours'],
  ...['probability', 'will_change', 'model_version', 'created_at', 'id', 'refused'],
];
const [LOW, HIGH] = [0.25, 0.75];

/** Row 3 is more probable than row 1. */
const UNEQUAL: ScoredFile = {
  ...SCORED,
  predictions: SCORED.predictions.map((each) => ({ ...each, probability: each.row === 3 ? HIGH : LOW })),
};
const FIRST = [2, 1, 71, 'x', null, LOW, false, 'm1', '2026-01-01T00:00:00Z', 'p71', null];
const SECOND = [null, 2, null, '=atown', null, null, null, null, null, null, reasons(REFUSED)];
const THIRD = [1, 3, 73, 'x', null, HIGH, false, 'm1', '2026-01-01T00:00:00Z', 'p73', null];

test('the table has every row in the order of the file, the refused ones with their reasons', () => {
  assert.deepEqual(fileRecords(UNEQUAL, CONTRACT, 'row'), [HEADER, FIRST, SECOND, THIRD]);
});

test('the ranked table begins with the most probable and ends with the refused rows', () => {
  assert.deepEqual(fileRecords(UNEQUAL, CONTRACT, 'rank'), [HEADER, THIRD, FIRST, SECOND]);
});

test("the file's other columns stand before the prediction, of refused rows too", () => {
  const others = { names: ['name', 'rank', 'phone'], rows: [['Zoë', '9', '+44'], ['Amélie', '8', ''], []] };
  const [header, ...rows] = fileRecords({ ...UNEQUAL, others }, CONTRACT, 'row');
  assert.deepEqual(header, [...HEADER.slice(0, 5), 'name', 'phone', ...HEADER.slice(5)]);
  assert.deepEqual(rows.map((cells) => cells.slice(5, 7)), [['Zoë', '+44'], ['Amélie', ''], [null, null]]);
});
