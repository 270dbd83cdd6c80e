import { useEffect } from 'preact/hooks';
import type { Api } from '../../api/client.ts';
import type { Problem } from '../../api/problem.ts';
import type { Contract } from '../../api/types.ts';
import { Note, ProblemNotice } from '../../components/Notice.tsx';
import type { Span } from './lookback.ts';

/** The properties of every board. */
export interface BoardProps {
  api: Api;
  contract: Contract;
  span: Span;
  /** How often to reload; null while paused. */
  seconds: number | null;
  /** Called after each load with its time. */
  onLoaded: (at: Date) => void;
  operator: boolean;
}

/** Reports to the view around a board when the board was loaded. */
export function useLoadedAt(at: Date | null, onLoaded: (at: Date) => void): void {
  useEffect(() => {
    if (at) onLoaded(at);
  }, [at]);
}

/** Each problem once, however many parts of a board have it. */
export function Problems({ of }: { of: readonly { problem: Problem | null; refresh: () => void }[] }) {
  const failed = of.filter(({ problem }) => problem !== null);
  const messages = [...new Set(failed.map(({ problem }) => problem?.message))];
  return (
    <>
      {messages.map((message) => {
        const same = failed.filter(({ problem }) => problem?.message === message);
        const problem = same[0]?.problem;
        return problem ? (
          <ProblemNotice key={message} problem={problem} onRetry={() => same.forEach(({ refresh }) => refresh())} />
        ) : null;
      })}
    </>
  );
}

/** For a window with more files than the statistics count. */
export function TruncatedNote() {
  return (
    <div class="chart-wide">
      <Note>This window holds more files than are counted here at once: the newest are shown.</Note>
    </div>
  );
}
