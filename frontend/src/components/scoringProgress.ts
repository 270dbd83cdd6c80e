import type { FileRecord } from '../api/types.ts';
import { count, integer } from '../lib/format.ts';

/** How far the scoring of a file is that isn't scored yet. */
export function scoringProgress({ scored, rows, failure }: FileRecord): string {
  if (failure) return `Scoring has stopped: ${failure.reason}`;
  if (scored === 0) return 'Waiting to be scored, which begins within two minutes';
  return `${integer(scored)} of ${count(rows.good, 'row')} scored`;
}
