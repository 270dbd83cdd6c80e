import { Problem } from '../../api/problem.ts';
import type { Candidate, Contract, FieldError, Prediction } from '../../api/types.ts';
import { type Cells, IDENTIFIER, LABEL, inputColumns, toCandidate } from '../../lib/contract.ts';
import { type CsvCell, parseCsv } from '../../lib/csv.ts';
import { count, megabytes } from '../../lib/format.ts';

/** A row of the file as it is written there; `number` counts from 1 below the header. */
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
  /** Rows that can't be sent because their number of cells differs from the header's. */
  malformed: RefusedRow[];
  /** Columns of the file that aren't sent. */
  ignored: string[];
}

export interface BatchResult {
  scored: ScoredRow[];
  refused: RefusedRow[];
}

/** Reads the text of a CSV file with a header. Throws a Problem if nothing of it can be sent. */
export function readSheet(text: string, contract: Contract): Sheet {
  const [header, ...records] = recordsOf(text);
  const names = (header ?? []).map((name) => name.trim());
  const known = new Set(inputColumns(contract).map((column) => column.name));
  const duplicate = names.find((name, at) => known.has(name) && names.indexOf(name) !== at);
  if (!names.some((name) => known.has(name))) {
    throw new Problem(
      'No known column in this file',
      'The first line has to name the columns, separated by commas, as listed below.',
    );
  }
  if (duplicate) throw new Problem('A column appears twice in this file', `Leave only one column named ${duplicate}.`);
  if (records.length === 0) throw new Problem('No rows in this file', 'There is nothing below the header to score.');

  const sheet: Sheet = { rows: [], malformed: [], ignored: names.filter((name) => name !== '' && !known.has(name)) };
  records.forEach((cells, at) => {
    const row = { number: at + 1, cells: Object.fromEntries(names.map((name, place) => [name, cells[place] ?? ''])) };
    if (cells.length === names.length) sheet.rows.push(row);
    else sheet.malformed.push({ row, reasons: [{ field: null, reason: malformedReason(cells.length, names.length) }] });
  });
  return sheet;
}

/**
 * Scores the rows. Those that the API refuses are returned with its reasons, and the others are sent again.
 * Rejects with the API's problem if it isn't about single rows, and with TooLarge before anything is sent.
 */
export async function score(
  rows: readonly Row[],
  contract: Contract,
  predict: (candidates: Candidate[]) => Promise<Prediction[]>,
): Promise<BatchResult> {
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
      const checked = remaining.map((row, at) => ({ row, reasons: errors.filter((each) => each.row === at) }));
      const wrong = checked.filter(({ reasons }) => reasons.length > 0);
      if (wrong.length === 0) throw error;
      refused.push(...wrong);
      remaining = checked.filter(({ reasons }) => reasons.length === 0).map(({ row }) => row);
    }
  }
  return { scored: [], refused };
}

/** The file exceeds the limits of one request; the data lake takes any number of rows. `size`: how large it is. */
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
    return parseCsv(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw new Problem('This is not a readable CSV file', error.message);
    throw error;
  }
}

function malformedReason(cells: number, columns: number): string {
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

/** The scored rows as a table: the columns of the file in the contract's order, then the prediction. */
export function scoredRecords(scored: readonly ScoredRow[], contract: Contract): CsvCell[][] {
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
