/** The records of a chart as texts. */

import { type Cell, shownCell } from '../../lib/cells.ts';

/** "14:05: Rows 400, Good 352": a record in a line. */
export function readout(heads: readonly string[], [first = '', ...cells]: readonly Cell[]): string {
  return `${first}: ${cells.map((cell, at) => (typeof cell === 'number' ? `${heads[at + 1]} ${shownCell(cell)}` : cell)).join(', ')}`;
}

/** The table as a spreadsheet takes it: instants in UTC. */
export function csvRecords(
  heads: readonly string[],
  records: readonly (readonly Cell[])[],
  instants?: readonly string[],
): (readonly Cell[])[] {
  if (!instants) return [heads, ...records];
  return [
    [`${heads[0]} (UTC)`, ...heads.slice(1)],
    ...records.map((record, at) => [instants[at] ?? '', ...record.slice(1)]),
  ];
}
