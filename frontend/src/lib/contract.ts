import type { Candidate, Column, Contract, Prediction, Value } from '../api/types.ts';

/** The columns that the page handles by name; everything else about them comes from the contract. */
export const IDENTIFIER = 'enrollee_id';
export const LABEL = 'target';
export const CITY = 'city';
export const CITY_INDEX = 'city_development_index';
export const EXPERIENCE = 'experience';
export const COMPANY_SIZE = 'company_size';

/** Texts by column name, as typed into the form. */
export type Cells = Record<string, string>;

/** The columns of a candidate: all but the one to be predicted. */
export function inputColumns(contract: Contract): Column[] {
  return contract.columns.filter((column) => column.name !== LABEL);
}

/** The columns by group, in the order of the groups' first columns. */
export function columnGroups(columns: readonly Column[]): [group: string, columns: Column[]][] {
  const groups = new Set(columns.map((column) => column.group));
  return [...groups].map((group) => [group, columns.filter((column) => column.group === group)]);
}

export function columnOf(contract: Contract, name: string): Column | undefined {
  return contract.columns.find((column) => column.name === name);
}

/** A column's label; its name where the contract doesn't have it. */
export function labelOf(contract: Contract, name: string): string {
  return columnOf(contract, name)?.label ?? name;
}

/** A level as people read it. */
export function levelLabel(column: Column | undefined, level: string): string {
  return column?.labels[level] ?? level;
}

/** A column's value as people read it; a missing one is "not given". */
export function shownValue(contract: Contract, name: string, value: Value | null): string {
  return value === null ? 'not given' : levelLabel(columnOf(contract, name), String(value));
}

export function isNumeric(column: Column): boolean {
  return column.kind === 'integer' || column.kind === 'number';
}

/** A candidate as the API takes it. The API validates it, so a text that isn't a number is sent as it is. */
export function toCandidate(columns: readonly Column[], cells: Cells): Candidate {
  const candidate: Candidate = {};
  for (const column of columns) {
    const text = cells[column.name] ?? '';
    if (text.trim() !== '') candidate[column.name] = isNumeric(column) ? numberOrText(text) : text;
  }
  return candidate;
}

/** A prediction's candidate as texts of the form. */
export function cellsOf({ enrollee_id, features }: Pick<Prediction, 'enrollee_id' | 'features'>): Cells {
  const values = Object.entries({ [IDENTIFIER]: enrollee_id, ...features });
  return Object.fromEntries(values.flatMap(([name, value]) => (value === null ? [] : [[name, String(value)]])));
}

const PLAIN_NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

function numberOrText(text: string): Value {
  const number = Number(text);
  return PLAIN_NUMBER.test(text.trim()) && Number.isFinite(number) ? number : text;
}
