import { type Inputs, useEffect, useState } from 'preact/hooks';
import { type Problem, asProblem } from '../api/problem.ts';
import { useRetryOnReconnect } from './useRetryOnReconnect.ts';

export type Loaded<Value> =
  | { status: 'loading' }
  | { status: 'failed'; problem: Problem; retry: () => void }
  | { status: 'ready'; value: Value };

/** Loads one value, and again whenever `inputs` change. */
export function useLoaded<Value>(load: (signal: AbortSignal) => Promise<Value>, inputs: Inputs): Loaded<Value> {
  const [attempt, setAttempt] = useState(0);
  const [loaded, setLoaded] = useState<Loaded<Value>>({ status: 'loading' });
  useEffect(() => {
    const controller = new AbortController();
    const settle = (result: Loaded<Value>): void => {
      if (!controller.signal.aborted) setLoaded(result);
    };
    setLoaded({ status: 'loading' });
    load(controller.signal).then(
      (value) => settle({ status: 'ready', value }),
      (error: unknown) =>
        settle({ status: 'failed', problem: asProblem(error), retry: () => setAttempt((count) => count + 1) }),
    );
    return () => controller.abort();
  }, [attempt, ...inputs]);
  useRetryOnReconnect(loaded.status === 'failed' ? loaded.problem : null, () => setAttempt((count) => count + 1));
  return loaded;
}
