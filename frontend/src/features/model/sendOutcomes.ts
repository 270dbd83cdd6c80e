import type { Outcome, OutcomeReport } from '../../api/types.ts';
import { Problem } from '../../api/problem.ts';
import type { ReadOutcomes, RowError } from './outcomesFile.ts';

export interface Sent {
  /** How many were kept. */
  kept: number;
  /** Of them those that nothing was predicted of long enough before, so that they measure no model. */
  unjoined: number;
  refused: RowError[];
}

/**
 * Reports outcomes in batches. Where the API refuses some of a batch, the others are sent again without them. After each
 * batch `onProgress` gets what has become of all so far. Rejects with what stops the sending; what was kept stays kept.
 */
export async function sendOutcomes(
  reports: ReadOutcomes['reports'],
  size: number,
  post: (batch: readonly OutcomeReport[]) => Promise<readonly Outcome[]>,
  onProgress: (sent: Sent) => void,
): Promise<Sent> {
  let sent: Sent = { kept: 0, unjoined: 0, refused: [] };
  for (let start = 0; start < reports.length; start += size) {
    const batch = reports.slice(start, start + size);
    const { outcomes, refused } = await sendBatch(batch, post);
    sent = {
      kept: sent.kept + outcomes.length,
      unjoined: sent.unjoined + outcomes.filter(({ prediction_id }) => prediction_id === null).length,
      refused: [...sent.refused, ...refused],
    };
    onProgress(sent);
  }
  return sent;
}

async function sendBatch(
  batch: ReadOutcomes['reports'],
  post: (batch: readonly OutcomeReport[]) => Promise<readonly Outcome[]>,
): Promise<{ outcomes: readonly Outcome[]; refused: RowError[] }> {
  try {
    return { outcomes: await post(batch.map(({ report }) => report)), refused: [] };
  } catch (error) {
    const refused = error instanceof Problem && error.status === 422 ? refusedRows(batch, error) : [];
    if (refused.length === 0) throw error;
    const left = batch.filter(({ row }) => !refused.some((each) => each.row === row));
    return { outcomes: left.length > 0 ? await post(left.map(({ report }) => report)) : [], refused };
  }
}

/** The rows that a problem is about, each with all that is wrong with it. */
function refusedRows(batch: ReadOutcomes['reports'], { errors }: Problem): RowError[] {
  return batch.flatMap(({ row }, at) => {
    const reasons = errors.filter((each) => each.row === at).map(({ reason }) => reason);
    return reasons.length > 0 ? [{ row, reason: reasons.join(' ') }] : [];
  });
}
