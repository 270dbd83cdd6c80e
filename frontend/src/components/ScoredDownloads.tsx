import { useState } from 'preact/hooks';
import { type Problem, asProblem } from '../api/problem.ts';
import type { ScoredOrder } from '../api/types.ts';
import { ProblemNotice } from './Notice.tsx';

interface Props {
  save: (order: ScoredOrder) => void | Promise<void>;
  /** Saves them with the columns that only the file has, where these are known. */
  saveWithOwn?: (() => Promise<void>) | undefined;
}

/** Buttons that save all scored candidates, ranked or as in the file. */
export function ScoredDownloads({ save, saveWithOwn }: Props) {
  const [failed, setFailed] = useState<{ run: () => void | Promise<void>; problem: Problem } | null>(null);
  const start = async (run: () => void | Promise<void>): Promise<void> => {
    setFailed(null);
    try {
      await run();
    } catch (error) {
      setFailed({ run, problem: asProblem(error) });
    }
  };
  return (
    <div class="section">
      <div class="actions">
        <button type="button" class="button button-primary" onClick={() => void start(() => save('rank'))}>
          Download scored CSV
        </button>
        <button type="button" class="button" onClick={() => void start(() => save('row'))}>
          Download in the order of the file
        </button>
        {saveWithOwn && (
          <button type="button" class="button" onClick={() => void start(saveWithOwn)}>
            Download with your own columns
          </button>
        )}
      </div>
      {failed && (
        <ProblemNotice
          problem={failed.problem}
          onRetry={failed.problem.retryable ? () => void start(failed.run) : undefined}
        />
      )}
    </div>
  );
}
