import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ACCEPTED, ENDINGS, isAccepted, stem, textType } from '../../src/lib/candidateFiles.ts';

const NAMES = ['a.csv', 'März 2026.CSV', 'a.tsv', 'a.txt', 'a.csv.gz', 'a.tsv.GZ', 'a.txt.gz', 'a.b.xlsx'];

test('files of candidates are known by their endings, in capitals too', () => {
  assert.deepEqual(NAMES.filter((name) => !isAccepted(name)), []);
  const others = ['a.pdf', 'a.xls', 'a.csv.zip', 'a.gz', 'a.xlsx.gz', 'csv', 'a.csv.pdf'];
  assert.deepEqual(others.filter(isAccepted), []);
});

test('the chooser offers what is accepted, and people read no pattern', () => {
  const endings = ACCEPTED.split(',').filter((each) => each.startsWith('.'));
  for (const name of NAMES) assert.ok(endings.some((ending) => name.toLowerCase().endsWith(ending)), name);
  for (const ending of endings) assert.ok(ENDINGS.includes(ending), ending);
  assert.doesNotMatch(ENDINGS, /[\\^$()[\]*+?|]/);
});

test('the type is that of what is inside', () => {
  assert.deepEqual(['a.csv', 'a.tsv', 'a.TXT'].map(textType), ['text/csv', 'text/csv', 'text/csv']);
  assert.deepEqual(['a.csv.gz', 'a.txt.GZ'].map(textType), ['application/gzip', 'application/gzip']);
  assert.equal(textType('a.xlsx'), null);
});

test('a stem has none of the endings', () => {
  assert.deepEqual(['May.csv', 'May.tsv.gz', 'v1.2.XLSX', 'csv'].map(stem), ['May', 'May', 'v1.2', 'csv']);
});
