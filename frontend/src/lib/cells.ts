/** The cells of a table of numbers. */

export type Cell = string | number;

/** A cell as people read it. */
export function shownCell(cell: Cell): string {
  return typeof cell === 'number' ? cell.toLocaleString('en', { maximumFractionDigits: 4 }) : cell;
}
