/** How a table is written for a spreadsheet. */

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
