import type { Run } from '../../api/types.ts';

/** A run; or several in a row that were skipped for the same reason, as the newest of them. */
export interface FoldedRun extends Run {
  times: number;
  /** When the oldest of them began. */
  since: string;
}

/** Runs, newest first, with those that were skipped one after the other for the same reason as one. */
export function foldedRuns(runs: readonly Run[]): FoldedRun[] {
  const folded: FoldedRun[] = [];
  for (const run of runs) {
    const newer = folded.at(-1);
    if (newer && run.status === 'SKIPPED' && alike(newer, run)) {
      newer.times++;
      newer.since = run.started_at;
    } else folded.push({ ...run, times: 1, since: run.started_at });
  }
  return folded;
}

function alike(one: Run, other: Run): boolean {
  return one.kind === other.kind && one.status === other.status && one.reason === other.reason;
}
