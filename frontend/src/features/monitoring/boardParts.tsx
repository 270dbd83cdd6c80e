import { useEffect } from 'preact/hooks';
import type { Api } from '../../api/client.ts';
import { Note, ProblemNotice } from '../../components/Notice.tsx';
import type { Problem } from '../../api/problem.ts';
import type { Contract } from '../../api/types.ts';
import type { Lookback } from './lookback.ts';
import { duration } from '../../lib/format.ts';

/** What both boards take. */
export interface BoardProps {
  api: Api;
  contract: Contract;
  lookback: Lookback;
  /** How often to load anew; null while that is paused. */
  seconds: number | null;
  /** Tells when it was loaded last. */
  onLoaded: (at: Date) => void;
}

/** Tells the page above when a board was loaded. */
export function useLoadedAt(at: Date | null, onLoaded: (at: Date) => void): void {
  useEffect(() => {
    if (at) onLoaded(at);
  }, [at]);
}

/** Each problem once, however many parts of a board it has struck. */
export function Problems({ of }: { of: readonly { problem: Problem | null; refresh: () => void }[] }) {
  const struck = of.filter(({ problem }) => problem !== null);
  const texts = [...new Set(struck.map(({ problem }) => problem?.message))];
  return (
    <>
      {texts.map((text) => {
        const same = struck.filter(({ problem }) => problem?.message === text);
        const problem = same[0]?.problem;
        return problem ? (
          <ProblemNotice key={text} problem={problem} onRetry={() => same.forEach(({ refresh }) => refresh())} />
        ) : null;
      })}
    </>
  );
}

/** Colours by the series' names, as the charts take them. */
export function colours(series: readonly { name: string; colour: string }[]): Map<string, string> {
  return new Map(series.map(({ name, colour }) => [name, `var(--${colour})`]));
}

export function everyBucket(seconds: number): string {
  return `Each bar is ${seconds >= 86_400 ? 'a day (UTC)' : seconds >= 3600 ? 'an hour' : duration(seconds).replace(/ s$/, ' seconds')}.`;
}

export function nothing(points: readonly unknown[]): string | null {
  return points.length === 0 ? 'Nothing in this window. Choose a longer one, or wait for data.' : null;
}

/** Says that the window holds more than the charts show. */
export function Cut() {
  return (
    <div class="chart-wide">
      <Note>This window holds more files than are counted here at once: the newest are shown.</Note>
    </div>
  );
}
