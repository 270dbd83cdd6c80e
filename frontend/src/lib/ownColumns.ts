import { IDENTIFIER } from './contract.ts';
import { formatCsv, parseCsv } from './csv.ts';

const SEPARATORS = [',', ';', '\t', '\\|'];
const ROW = '_row';

/**
 * A scored file with the columns that only the dropped file has, such as names, as CSV; null if it has none, or can't be
 * matched: the rows are joined by their numbers, and each must be of the same candidate in both.
 */
export function withOwnColumns(scored: string, dropped: string): string | null {
  const [header = [], ...rows] = parseCsv(scored, ',');
  const tables = SEPARATORS.map((separator) => parseCsv(dropped.replace(/^\ufeff/, ''), separator));
  const table = tables.find(([first]) => first?.some((name) => plain(name) === IDENTIFIER));
  if (table === undefined) return null;
  const names = table[0] ?? [];
  const own = names.flatMap((name, index) => (header.includes(plain(name)) ? [] : [index]));
  const [row, number, ownNumber] = [header.indexOf(ROW), header.indexOf(IDENTIFIER), names.map(plain).indexOf(IDENTIFIER)];
  const joined = rows.map((cells) => ({ cells, dropped: table[Number(cells[row])] ?? [] }));
  const matched = joined.every(({ cells, dropped }) => Number(cells[number]) === Number(dropped[ownNumber] ?? Number.NaN));
  if (own.length === 0 || !matched) return null;
  const cellsOf = (cells: readonly string[]): string[] => own.map((index) => cells[index] ?? '');
  return formatCsv([[...header, ...cellsOf(names)], ...joined.map(({ cells, dropped }) => [...cells, ...cellsOf(dropped)])]);
}

/** A column's name as the contract writes it. */
const plain = (name: string): string => name.trim().split(/\s+/).join('_').toLowerCase();

/** The text of a file in the encodings of spreadsheets: UTF-8, or else Windows-1252. */
export async function textOf(file: Blob): Promise<string> {
  const bytes = await file.arrayBuffer();
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}
