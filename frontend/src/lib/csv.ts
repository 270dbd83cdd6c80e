/** How a table is written for a spreadsheet, and read from one. */

export type CsvCell = string | number | boolean | null;

/** By this a spreadsheet knows that the text is UTF-8. */
const BYTE_ORDER_MARK = '\ufeff';

/** The text of a table, CRLF at the end of each line. Texts that a spreadsheet would run as a formula begin with `'`. */
export function formatCsv(records: readonly (readonly CsvCell[])[]): string {
  return BYTE_ORDER_MARK + records.map((cells) => `${cells.map(formatCell).join(',')}\r\n`).join('');
}

function formatCell(value: CsvCell): string {
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The records of a text (RFC 4180), without lines that hold nothing. */
export function parseCsv(text: string, separator: string): string[][] {
  const records: string[][] = [];
  let cells: string[] = [];
  // A cell, quoted or not, and what ends it.
  const cell = new RegExp(`(?:"([^"]*(?:""[^"]*)*)"|([^${separator}\r\n]*))(${separator}|\r?\n|\r|$)`, 'gy');
  while (cell.lastIndex < text.length) {
    const found = cell.exec(text);
    if (found === null) break;
    const [, quoted, plain = '', end] = found;
    cells.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === separator) continue;
    if (cells.some((each) => each.trim() !== '')) records.push(cells);
    cells = [];
  }
  return records;
}
