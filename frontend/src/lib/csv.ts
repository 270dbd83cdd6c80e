/** Comma-separated text as of RFC 4180: quoted cells, doubled quotes, CRLF or LF, a byte order mark in front. */

export type CsvCell = string | number | boolean | null;

/**
 * The records of a text, each a list of cells; lines without any text are left out.
 *
 * Throws a SyntaxError that names the line where a quotation mark was opened and never closed.
 */
export function parseCsv(text: string): string[][] {
  const records: string[][] = [];
  let cells: string[] = [];
  let cell = '';
  let quoted = false;
  let line = 1;
  let openedOn = 0;

  const endRecord = (): void => {
    cells.push(cell);
    if (cells.length > 1 || cell !== '') records.push(cells);
    cells = [];
    cell = '';
  };

  for (let at = text.startsWith('\ufeff') ? 1 : 0; at < text.length; at++) {
    const character = text[at];
    if (character === '\n') line++;
    if (quoted) {
      if (character !== '"') cell += character;
      else if (text[at + 1] === '"') cell += text[at++];
      else quoted = false;
    } else if (character === '"' && cell === '') {
      quoted = true;
      openedOn = line;
    } else if (character === ',') {
      cells.push(cell);
      cell = '';
    } else if (character === '\n') {
      endRecord();
    } else if (character !== '\r' || text[at + 1] !== '\n') {
      cell += character;
    }
  }
  if (quoted) throw new SyntaxError(`The quotation mark opened on line ${openedOn} is never closed.`);
  endRecord();
  return records;
}

/** The text of a table, CRLF at the end of each line. Texts that a spreadsheet would run as a formula begin with `'`. */
export function formatCsv(records: readonly (readonly CsvCell[])[]): string {
  return records.map((cells) => `${cells.map(formatCell).join(',')}\r\n`).join('');
}

function formatCell(value: CsvCell): string {
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
