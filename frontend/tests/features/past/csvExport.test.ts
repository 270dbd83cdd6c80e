import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CsvPage } from '../../../src/api/types.ts';
import { NOTHING_YET, type PartialCsv, fetchRest, progressText } from '../../../src/features/past/csvExport.ts';

const PAGES = new Map<string | null, CsvPage>([
  [null, { text: 'id,city\np1,x\np2,y\n', next: 'b', total: 5 }],
  ['b', { text: 'p3,z\np4,z\n', next: 'c', total: null }],
  ['c', { text: 'p5,z\n', next: null, total: null }],
]);
const SIGNAL = new AbortController().signal;

const load = async (cursor: string | null): Promise<CsvPage> => PAGES.get(cursor) ?? assert.fail(`no page ${cursor}`);

test('a file is fetched page by page until there is no cursor, and its rows are counted', async () => {
  const progress: string[] = [];

  const whole = await fetchRest(NOTHING_YET, load, (csv) => progress.push(progressText(csv)), SIGNAL);

  assert.equal(whole.pages.join(''), 'id,city\np1,x\np2,y\np3,z\np4,z\np5,z\n');
  assert.deepEqual(progress, ['2 of about 5 rows', '4 of about 5 rows', '5 rows']);
});

test('after a failure the file is fetched on from where it was', async () => {
  let fetched: PartialCsv = NOTHING_YET;
  const asked: (string | null)[] = [];
  const failing = async (cursor: string | null): Promise<CsvPage> => {
    asked.push(cursor);
    if (cursor === 'c' && asked.length === 3) throw new Error('cut');
    return load(cursor);
  };
  const attempt = (): Promise<PartialCsv> => fetchRest(fetched, failing, (csv) => (fetched = csv), SIGNAL);

  await assert.rejects(attempt());
  const whole = await attempt();

  assert.deepEqual(asked, [null, 'b', 'c', 'c']);
  assert.equal(whole.rows, 5);
  assert.equal(whole.pages.join(''), [...PAGES.values()].map(({ text }) => text).join(''));
});

test('once it is stopped, nothing more is asked for', async () => {
  const controller = new AbortController();
  const asked: (string | null)[] = [];

  await fetchRest(
    NOTHING_YET,
    async (cursor) => {
      asked.push(cursor);
      controller.abort();
      return load(cursor);
    },
    () => undefined,
    controller.signal,
  );

  assert.deepEqual(asked, [null]);
});
