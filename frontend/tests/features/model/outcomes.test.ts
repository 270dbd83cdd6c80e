import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Problem } from '../../../src/api/problem.ts';
import type { Outcome, OutcomeReport } from '../../../src/api/types.ts';
import { readOutcomes } from '../../../src/features/model/outcomesFile.ts';
import { type Sent, sendOutcomes } from '../../../src/features/model/sendOutcomes.ts';

const NOW = '2026-06-01T12:00:00.000Z';
const reports = (text: string): OutcomeReport[] => readOutcomes(text, NOW).reports.map(({ report }) => report);

test('answers are read as people write them', () => {
  const text = 'enrollee_id,changed_job\n1,yes\n2,No\n3,1\n4,0\n5,TRUE\n6,false\n7.0, y \n';
  assert.deepEqual(
    reports(text).map(({ enrollee_id, changed_job }) => [enrollee_id, changed_job]),
    [[1, true], [2, false], [3, true], [4, false], [5, true], [6, false], [7, true]],
  );
  assert.ok(reports(text).every(({ observed_at }) => observed_at === NOW));
});

test('columns may come in any order, from any spreadsheet, with others between', () => {
  const expected = [{ enrollee_id: 8949, changed_job: true, observed_at: '2026-01-31T00:00:00.000Z' }];
  assert.deepEqual(reports('\ufeffname;observed_at;Changed job;enrollee_id\r\n"Doe; ""Jo""";2026-01-31;yes;8949\r\n'), expected);
  assert.deepEqual(reports('enrollee_id\tobserved_at\tchanged_job\n8949\t2026-01-31 00:00\t1\n\n'), expected);
  assert.deepEqual(reports('enrollee_id,changed_job,observed_at\n8949,yes,2026-01-31T02:00:00+02:00'), expected);
});

test('what cannot be read is reported with its row, and the others are taken', () => {
  const { reports: read, errors } = readOutcomes(
    'enrollee_id,changed_job,observed_at\n1,maybe,\n,yes,\nx,yes,\n2,,\n3,yes,31.1.2026\n4,no,2026-13-01\n5,no,\n',
    NOW,
  );
  assert.deepEqual(read.map(({ row }) => row), [8]);
  assert.deepEqual(errors.map(({ row }) => row), [2, 3, 4, 5, 6, 7]);
  assert.match(errors[0]?.reason ?? '', /“maybe” is neither yes nor no/);
  assert.match(errors[4]?.reason ?? '', /2026-01-31/);
});

test('a file without the columns is refused as a whole', () => {
  assert.deepEqual(readOutcomes('number,answer\n1,yes\n', NOW), {
    reports: [],
    errors: [{ row: 1, reason: 'The header has no column enrollee_id and no column changed_job.' }],
  });
  assert.equal(readOutcomes('', NOW).errors.length, 1);
});

const kept = ({ enrollee_id = 0, changed_job, observed_at }: OutcomeReport): Outcome => ({
  enrollee_id: enrollee_id ?? 0,
  changed_job,
  observed_at,
  prediction_id: enrollee_id === 1 ? null : 'p',
  counts: enrollee_id !== 1,
  model_version: null,
  probability: null,
  counts_from: null,
});
const READ = readOutcomes(`enrollee_id,changed_job\n${[1, 2, 3, 4, 5].map((number) => `${number},yes\n`).join('')}`, NOW).reports;

test('outcomes are sent in batches, and refused ones hold up no others', async () => {
  const batches: (number | null | undefined)[][] = [];
  const progress: Sent[] = [];
  const post = async (batch: readonly OutcomeReport[]): Promise<Outcome[]> => {
    batches.push(batch.map(({ enrollee_id }) => enrollee_id));
    const at = batch.findIndex(({ enrollee_id }) => enrollee_id === 4);
    if (at >= 0) throw new Problem('No', 'No.', 422, [{ row: at, field: 'observed_at', reason: 'Too old.' }]);
    return batch.map(kept);
  };
  const sent = await sendOutcomes(READ, 2, post, (each) => progress.push(each));

  assert.deepEqual(batches, [[1, 2], [3, 4], [3], [5]]);
  assert.deepEqual(sent, { kept: 4, unjoined: 1, refused: [{ row: 5, reason: 'Too old.' }] });
  assert.deepEqual(progress.map(({ kept: number }) => number), [2, 3, 4]);
});

test('what is about no row stops the sending', async () => {
  const problem = new Problem('Down', 'Later.', 503);
  await assert.rejects(
    sendOutcomes(READ, 2, () => Promise.reject(problem), () => assert.fail('nothing was sent')),
    problem,
  );
});
