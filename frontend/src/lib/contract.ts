import type { Candidate, Column, Contract, Value } from '../api/types.ts';

/** The columns that the page gives a role of its own; everything else about them comes from the contract. */
export const IDENTIFIER = 'enrollee_id';
export const LABEL = 'target';
export const CITY = 'city';
export const CITY_INDEX = 'city_development_index';

/** Texts by column name, as typed into the form or read from a file. */
export type Cells = Record<string, string>;

/** What can be asked of a candidate: every column but the one to be predicted. */
export function inputColumns(contract: Contract): Column[] {
  return contract.columns.filter((column) => column.name !== LABEL);
}

/** The columns by group, groups in the order of their first column. */
export function grouped(columns: readonly Column[]): [group: string, columns: Column[]][] {
  const groups = new Set(columns.map((column) => column.group));
  return [...groups].map((group) => [group, columns.filter((column) => column.group === group)]);
}

export function isNumeric(column: Column): boolean {
  return column.kind === 'integer' || column.kind === 'number';
}

/** The request's form of a candidate. Right or wrong is for the API to say, so odd texts are sent as they are. */
export function toCandidate(columns: readonly Column[], cells: Cells): Candidate {
  const candidate: Candidate = {};
  for (const column of columns) {
    const text = cells[column.name] ?? '';
    if (text.trim() !== '') candidate[column.name] = isNumeric(column) ? numberIn(text) : text;
  }
  return candidate;
}

const PLAIN_NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

function numberIn(text: string): Value {
  const number = Number(text);
  return PLAIN_NUMBER.test(text.trim()) && Number.isFinite(number) ? number : text;
}
