import { type Cells, IDENTIFIER, LABEL, inputColumns, toCandidate } from '../../lib/contract.ts';
import { parse } from '../../lib/csv.ts';
import { Problem } from '../../api/problem.ts';
import type { Candidate, Contract, FieldError, Prediction } from '../../api/types.ts';
import { count, megabytes } from '../../lib/format.ts';

/** A row of the file as it was written; `number` counts from 1 below the header. */
export interface Row {
  number: number;
  cells: Cells;
}

export interface ScoredRow {
  row: Row;
  prediction: Prediction;
}

export interface RefusedRow {
  row: Row;
  reasons: Pick<FieldError, 'field' | 'reason'>[];
}

export interface Sheet {
  rows: Row[];
  /** Rows that cannot be sent because their cells don't fit the header. */
  misshapen: RefusedRow[];
  /** Columns of the file that are not sent. */
  ignored: string[];
}

export interface Outcome {
  scored: ScoredRow[];
  refused: RefusedRow[];
}

/** Reads the text of a CSV file with a header. Throws a Problem where nothing of it can be sent. */
export function readSheet(text: string, contract: Contract): Sheet {
  const [header, ...records] = recordsOf(text);
  const names = (header ?? []).map((name) => name.trim());
  const known = new Set(inputColumns(contract).map((column) => column.name));
  const twice = names.find((name, at) => known.has(name) && names.indexOf(name) !== at);
  if (!names.some((name) => known.has(name))) {
    throw new Problem(
      'No known column in this file',
      'The first line has to name the columns, separated by commas, as listed below.',
    );
  }
  if (twice) throw new Problem('A column stands in this file twice', `Keep only one column named ${twice}.`);
  if (records.length === 0) throw new Problem('No rows in this file', 'There is nothing below the header to score.');

  const sheet: Sheet = { rows: [], misshapen: [], ignored: names.filter((name) => name !== '' && !known.has(name)) };
  records.forEach((cells, at) => {
    const row = { number: at + 1, cells: Object.fromEntries(names.map((name, place) => [name, cells[place] ?? ''])) };
    if (cells.length === names.length) sheet.rows.push(row);
    else sheet.misshapen.push({ row, reasons: [{ field: null, reason: misfit(cells.length, names.length) }] });
  });
  return sheet;
}

/**
 * Scores the rows. Those that the API refuses are set aside with its reasons, and the others are sent again.
 * Rejects with the API's problem where it isn't about single rows, and with TooLarge before anything is sent.
 */
export async function score(
  rows: readonly Row[],
  contract: Contract,
  predict: (candidates: Candidate[]) => Promise<Prediction[]>,
): Promise<Outcome> {
  const columns = inputColumns(contract);
  const refused: RefusedRow[] = [];
  let remaining = rows;
  while (remaining.length > 0) {
    try {
      const candidates = remaining.map((row) => toCandidate(columns, row.cells));
      assertFits(candidates, contract);
      const predictions = await predict(candidates);
      return { scored: pair(remaining, predictions), refused };
    } catch (error) {
      const errors = error instanceof Problem ? error.errors : [];
      const judged = remaining.map((row, at) => ({ row, reasons: errors.filter((each) => each.row === at) }));
      const wrong = judged.filter(({ reasons }) => reasons.length > 0);
      if (wrong.length === 0) throw error;
      refused.push(...wrong);
      remaining = judged.filter(({ reasons }) => reasons.length === 0).map(({ row }) => row);
    }
  }
  return { scored: [], refused };
}

/** More than one request may hold: for the data lake, which takes any number of rows. `size` says how much it is. */
export class TooLarge extends Error {
  constructor(readonly size: string) {
    super(`Too large to score at once: ${size}`);
  }
}

export function ignoredNote(ignored: readonly string[]): string | null {
  const unknown = ignored.filter((name) => name !== LABEL);
  const notes = [
    ...(unknown.length > 0 ? [`Left out, because the contract doesn't know them: ${unknown.join(', ')}.`] : []),
    ...(ignored.includes(LABEL) ? [`Left out: ${LABEL}, which is what is predicted.`] : []),
  ];
  return notes.length > 0 ? notes.join(' ') : null;
}

function recordsOf(text: string): string[][] {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw new Problem('This is not a readable CSV file', error.message);
    throw error;
  }
}

function misfit(cells: number, columns: number): string {
  return `The row has ${cells} cells and the header ${columns}. Look for a missing or an extra comma.`;
}

function assertFits(candidates: readonly Candidate[], contract: Contract): void {
  if (candidates.length > contract.limits.candidates) {
    throw new TooLarge(count(candidates.length, 'row'));
  }
  const bytes = new Blob([JSON.stringify(candidates)]).size;
  if (bytes > contract.limits.bytes) throw new TooLarge(megabytes(bytes));
}

function pair(rows: readonly Row[], predictions: readonly Prediction[]): ScoredRow[] {
  return rows.flatMap((row, at) => {
    const prediction = predictions[at];
    return prediction ? [{ row, prediction }] : [];
  });
}

/** The scored rows as a table to keep: the columns of the file in the contract's order, then what came out. */
export function scoredRecords(scored: readonly ScoredRow[], contract: Contract): (string | number | boolean | null)[][] {
  const names = inputColumns(contract).map((column) => column.name);
  return [
    ['row', ...names, 'probability', 'will_change', 'model_version', 'created_at', 'id'],
    ...scored.map(({ row, prediction }) => [
      row.number,
      ...names.map((name) => prediction.features[name] ?? (name === IDENTIFIER ? prediction.enrollee_id : null)),
      prediction.probability,
      prediction.will_change,
      prediction.model_version,
      prediction.created_at,
      prediction.id,
    ]),
  ];
}
