import type { Api } from '../../api/client.ts';
import { Problem } from '../../api/problem.ts';
import type { Contract, RefusedRow, RowIssue, ScoredFile, ScoredOrder } from '../../api/types.ts';
import { textType } from '../../lib/candidateFiles.ts';
import { IDENTIFIER, inputColumns } from '../../lib/contract.ts';
import type { CsvCell } from '../../lib/csv.ts';
import { count, integer } from '../../lib/format.ts';
import { ranked } from '../../lib/scores.ts';

/** Scores a file as it is; null if it can't be scored at once: it is too large, or a workbook. */
export async function scoreAtOnce(
  file: File,
  limits: Contract['limits'],
  predictFile: Api['predictFile'],
): Promise<ScoredFile | null> {
  const type = textType(file.name);
  if (type === null || file.size > limits.bytes) return null;
  try {
    return await predictFile(file, type);
  } catch (error) {
    // Only the API knows how many rows are in it.
    if (error instanceof Problem && error.status === 413) return null;
    throw error;
  }
}

/** "11 of 12 rows scored, 1 refused." */
export function summary({ predictions, refused }: ScoredFile): string {
  const all = `${integer(predictions.length)} of ${count(predictions.length + refused.length, 'row')} scored`;
  return refused.length > 0 ? `${all}, ${integer(refused.length)} refused.` : `${all}.`;
}

/** What is wrong with a row, in one line. */
export function reasons({ issues }: RefusedRow): string {
  return issues.map((issue) => [place(issue), issue.message].filter(Boolean).join(': ')).join('; ');
}

function place({ column, value }: RowIssue): string {
  return [column, value !== null && `“${value}”`].filter(Boolean).join(' ');
}

/**
 * Every row of the file as a table: its rank, the columns in the contract's order, those that only the file has, then the
 * prediction, or why there is none. Of a refused row only the contract's values are known that are wrong. By rank, the
 * refused rows come last.
 */
export function fileRecords({ predictions, refused, others }: ScoredFile, contract: Contract, order: ScoredOrder): CsvCell[][] {
  const names = inputColumns(contract).map((column) => column.name);
  // A scored file that is scored again has columns of these names itself.
  const own = (others?.names ?? []).flatMap((name, index) => (ADDED.includes(name) ? [] : [{ name, index }]));
  const cellsOf = (row: number | null): CsvCell[] =>
    own.map(({ index }) => others?.rows[Number(row) - 1]?.[index] ?? null);
  const scored = ranked(predictions).map((prediction) => ({
    row: prediction.row,
    cells: [
      prediction.rank,
      prediction.row,
      ...names.map((name) => (name === IDENTIFIER ? prediction.enrollee_id : (prediction.features[name] ?? null))),
      ...cellsOf(prediction.row),
      prediction.probability,
      prediction.will_change,
      prediction.model_version,
      prediction.created_at,
      prediction.id,
      null,
    ],
  }));
  const left = refused.map((row) => ({
    row: row.row,
    cells: [
      null,
      row.row,
      ...names.map((name) => row.issues.find(({ column }) => column === name)?.value ?? null),
      ...cellsOf(row.row),
      ...RESULTS.map((name) => (name === 'refused' ? reasons(row) : null)),
    ],
  }));
  const rows = [...scored, ...left];
  if (order === 'row') rows.sort((one, other) => Number(one.row) - Number(other.row));
  return [[...PLACE, ...names, ...own.map(({ name }) => name), ...RESULTS], ...rows.map(({ cells }) => cells)];
}

const PLACE = ['rank', 'row'];
const RESULTS = ['probability', 'will_change', 'model_version', 'created_at', 'id', 'refused'];
const ADDED = [...PLACE, ...RESULTS];
