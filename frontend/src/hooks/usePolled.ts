import { type Inputs, useEffect, useRef, useState } from 'preact/hooks';
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
 * whenever `inputs` change. An answer that takes longer than that is waited for.
 */
export function usePolled<Value>(
  load: (signal: AbortSignal) => Promise<Value>,
  inputs: Inputs,
  seconds: number | null,
): Polled<Value> {
  const [state, setState] = useState<Omit<Polled<Value>, 'refresh'>>({ value: null, problem: null, loadedAt: null });
  const [attempt, setAttempt] = useState(0);
  const loading = useRef(false);
  const refresh = (): void => setAttempt((count) => count + 1);

  useEffect(() => setState({ value: null, problem: null, loadedAt: null }), inputs);
  useEffect(() => {
    const controller = new AbortController();
    const settle = (change: Partial<typeof state>): void => {
      if (controller.signal.aborted) return;
      loading.current = false;
      setState((now) => ({ ...now, ...change }));
    };
    loading.current = true;
    load(controller.signal).then(
      (value) => settle({ value, problem: null, loadedAt: new Date() }),
      (error: unknown) => settle({ problem: asProblem(error) }),
    );
    return () => controller.abort();
  }, [attempt, ...inputs]);
  useEffect(() => {
    if (seconds === null) return undefined;
    const refreshIfVisible = (): void => {
      if (document.visibilityState === 'visible' && !loading.current) refresh();
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
