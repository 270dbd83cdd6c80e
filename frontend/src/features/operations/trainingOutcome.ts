import type { Run } from '../../api/types.ts';
import { count, duration } from '../../lib/format.ts';

const NO_LABELLED_ROWS = 'no_labelled_rows';

/** What came of a training, and whether that is a failure: a model that fails a gate is one, though its run succeeded. */
export function trainingOutcome({ status, reason, seconds, counts }: Run): { failed: boolean; sentence: string } {
  const after = `after ${duration(seconds)}`;
  if (reason === NO_LABELLED_ROWS) {
    return {
      failed: true,
      sentence:
        'Nothing was trained: there are no labelled rows. Put a CSV file with the target column into the training/ folder of the data lake.',
    };
  }
  if (status !== 'SUCCEEDED') return { failed: true, sentence: `Training failed ${after}: ${reason ?? 'the log says why.'}` };
  const [version = ''] = (reason ?? '').split(' ');
  const failedGates = counts.gates_failed ?? 0;
  if (failedGates === 0) return { failed: false, sentence: `Training succeeded ${after}. ${version} passed all its gates and can be promoted.` };
  const why = reason?.split(/ FAILED: ?/)[1] ?? '';
  return {
    failed: true,
    sentence: `The model failed ${count(failedGates, 'gate')}, so ${version} isn't used: ${why}`,
  };
}
