import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatCsv } from '../../src/lib/csv.ts';

test('a table begins with a byte order mark, and each line ends with CRLF', () => {
  assert.equal(formatCsv([['a', 'b'], ['1', 2]]), '\ufeffa,b\r\n1,2\r\n');
  assert.equal(formatCsv([]), '\ufeff');
});

test('a text with a comma, a quotation mark or a line break is quoted', () => {
  assert.equal(formatCsv([['x, y', '5" nail', 'two\r\nlines', '']]), '\ufeff"x, y","5"" nail","two\r\nlines",\r\n');
});

test('a text that a spreadsheet would run begins with an apostrophe, a negative number does not', () => {
  assert.equal(
    formatCsv([['=1+1', '+1', '-1', '@SUM(A1)', -1, null, true]]),
    "\ufeff'=1+1,'+1,'-1,'@SUM(A1),-1,,true\r\n",
  );
});
