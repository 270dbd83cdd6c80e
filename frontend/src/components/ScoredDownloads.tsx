import { useState } from 'preact/hooks';
import { type Problem, asProblem } from '../api/problem.ts';
import type { ScoredOrder } from '../api/types.ts';
import { ProblemNotice } from './Notice.tsx';

/** Buttons that save all scored candidates, ranked or as in the file. */
export function ScoredDownloads({ save }: { save: (order: ScoredOrder) => void | Promise<void> }) {
  const [failed, setFailed] = useState<{ order: ScoredOrder; problem: Problem } | null>(null);
  const start = async (order: ScoredOrder): Promise<void> => {
    setFailed(null);
    try {
      await save(order);
    } catch (error) {
      setFailed({ order, problem: asProblem(error) });
    }
  };
  return (
    <div class="section">
      <div class="actions">
        <button type="button" class="button button-primary" onClick={() => void start('rank')}>
          Download scored CSV
        </button>
        <button type="button" class="button" onClick={() => void start('row')}>
          Download in the order of the file
        </button>
      </div>
      {failed && <ProblemNotice problem={failed.problem} onRetry={() => void start(failed.order)} />}
    </div>
  );
}
