import { type Inputs, useEffect, useState } from 'preact/hooks';
import { type Problem, asProblem } from '../api/problem.ts';
import { useRetryOnReconnect } from './useRetryOnReconnect.ts';

export interface Polled<Value> {
  /** The latest value; null before the first one. */
  value: Value | null;
  /** Why the latest attempt failed; the value before it stays. */
  problem: Problem | null;
  /** When the value was loaded. */
  loadedAt: Date | null;
  /** Loads now. */
  refresh: () => void;
}

/**
 * Loads a value every so many seconds while the page is visible (`seconds` null: only on `refresh`), and starts over
 * whenever `inputs` change.
 */
export function usePolled<Value>(
  load: (signal: AbortSignal) => Promise<Value>,
  inputs: Inputs,
  seconds: number | null,
): Polled<Value> {
  const [state, setState] = useState<Omit<Polled<Value>, 'refresh'>>({ value: null, problem: null, loadedAt: null });
  const [attempt, setAttempt] = useState(0);
  const refresh = (): void => setAttempt((count) => count + 1);

  useEffect(() => setState({ value: null, problem: null, loadedAt: null }), inputs);
  useEffect(() => {
    const controller = new AbortController();
    load(controller.signal).then(
      (value) => !controller.signal.aborted && setState({ value, problem: null, loadedAt: new Date() }),
      (error: unknown) =>
        !controller.signal.aborted && setState((now) => ({ ...now, problem: asProblem(error) })),
    );
    return () => controller.abort();
  }, [attempt, ...inputs]);
  useEffect(() => {
    if (seconds === null) return undefined;
    const refreshIfVisible = (): void => {
      if (document.visibilityState === 'visible') refresh();
    };
    const timer = setInterval(refreshIfVisible, seconds * 1000);
    addEventListener('visibilitychange', refreshIfVisible);
    return () => {
      clearInterval(timer);
      removeEventListener('visibilitychange', refreshIfVisible);
    };
  }, [seconds, ...inputs]);
  useRetryOnReconnect(state.problem, refresh);
  return { ...state, refresh };
}
