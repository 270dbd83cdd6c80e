import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatCsv, parseCsv } from '../../src/lib/csv.ts';

test('a plain file is read into records of cells', () => {
  assert.deepEqual(parseCsv('a,b\n1,2\n'), [['a', 'b'], ['1', '2']]);
});

test('a file without a line break at its end keeps its last record', () => {
  assert.deepEqual(parseCsv('a,b\n1,'), [['a', 'b'], ['1', '']]);
});

test('CRLF, a byte order mark and empty lines leave no trace', () => {
  assert.deepEqual(parseCsv('\ufeffa,b\r\n\r\n1,2\r\n\r\n'), [['a', 'b'], ['1', '2']]);
});

test('a quoted cell may hold commas, line breaks and doubled quotes', () => {
  assert.deepEqual(parseCsv('"x, ""y""\r\nz",2'), [['x, "y"\r\nz', '2']]);
});

test('a quote inside an unquoted cell is part of its text', () => {
  assert.deepEqual(parseCsv('5" nail,2'), [['5" nail', '2']]);
});

test('a quotation mark that is never closed is reported with its line', () => {
  assert.throws(() => parseCsv('a,b\n1,"2\n3,4\n'), new SyntaxError('The quotation mark opened on line 2 is never closed.'));
});

test('nothing at all is no record', () => {
  assert.deepEqual(parseCsv(''), []);
});

test('what is written is read back', () => {
  const records = [['plain', 'with, comma', 'with "quotes"', 'two\r\nlines', ''], ['1', '2', '3', '4', '5']];
  assert.deepEqual(parseCsv(formatCsv(records)), records);
});

test('a text that a spreadsheet would run begins with an apostrophe, a negative number does not', () => {
  assert.equal(formatCsv([['=1+1', '+1', '-1', '@SUM(A1)', -1, null, true]]), "'=1+1,'+1,'-1,'@SUM(A1),-1,,true\r\n");
});
