import { type Inputs, useEffect, useRef, useState } from 'preact/hooks';
import { onConnection } from '../api/connection.ts';
import { type Problem, asProblem } from '../api/problem.ts';
import type { Page } from '../api/types.ts';

export type Loaded<Value> =
  | { status: 'loading' }
  | { status: 'failed'; problem: Problem; retry: () => void }
  | { status: 'ready'; value: Value };

/** Loads one value, again whenever `inputs` change. */
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
  useRetry(loaded.status === 'failed' ? loaded.problem : null, () => setAttempt((count) => count + 1));
  return loaded;
}

export interface Polled<Value> {
  /** The latest value; null until there is one. */
  value: Value | null;
  /** Why the latest attempt failed; the value before it stays. */
  problem: Problem | null;
  /** When the value was loaded. */
  at: Date | null;
  /** Loads at once. */
  refresh: () => void;
}

/**
 * Loads a value anew every so many seconds while the page is in sight (`seconds` null: not by itself), and from the
 * start whenever `inputs` change.
 */
export function usePolled<Value>(
  load: (signal: AbortSignal) => Promise<Value>,
  inputs: Inputs,
  seconds: number | null,
): Polled<Value> {
  const [state, setState] = useState<Omit<Polled<Value>, 'refresh'>>({ value: null, problem: null, at: null });
  const [attempt, setAttempt] = useState(0);
  const refresh = (): void => setAttempt((count) => count + 1);

  useEffect(() => setState({ value: null, problem: null, at: null }), inputs);
  useEffect(() => {
    const controller = new AbortController();
    load(controller.signal).then(
      (value) => !controller.signal.aborted && setState({ value, problem: null, at: new Date() }),
      (error: unknown) =>
        !controller.signal.aborted && setState((now) => ({ ...now, problem: asProblem(error) })),
    );
    return () => controller.abort();
  }, [attempt, ...inputs]);
  useEffect(() => {
    if (seconds === null) return undefined;
    const inSight = (): void => {
      if (document.visibilityState === 'visible') refresh();
    };
    const timer = setInterval(inSight, seconds * 1000);
    addEventListener('visibilitychange', inSight);
    return () => {
      clearInterval(timer);
      removeEventListener('visibilitychange', inSight);
    };
  }, [seconds, ...inputs]);
  useRetry(state.problem, refresh);
  return { ...state, refresh };
}

/** Tries again by itself what the connection's loss made fail, once the connection is back. */
function useRetry(problem: Problem | null, retry: () => void): void {
  const cut = problem?.status === 0;
  useEffect(() => (cut ? onConnection((lost) => !lost && retry()) : undefined), [cut, retry]);
}

export interface Pages<Item> {
  items: Item[];
  status: 'loading' | 'failed' | 'ready';
  problem: Problem | null;
  /** Whether the API has further pages. */
  unfinished: boolean;
  /** Loads the next page, or the one that failed once more. */
  more: () => void;
  /** Begins again at the first page. */
  restart: () => void;
}

/** Loads a list page by page, from the start whenever `inputs` change. */
export function usePages<Item>(
  load: (cursor: string | null, signal: AbortSignal) => Promise<Page<Item>>,
  inputs: Inputs,
): Pages<Item> {
  const [state, setState] = useState<Omit<Pages<Item>, 'unfinished' | 'more' | 'restart'> & { next: string | null }>({
    items: [],
    status: 'loading',
    problem: null,
    next: null,
  });
  const controller = useRef(new AbortController());

  const fetchPage = (cursor: string | null, before: Item[]): void => {
    controller.current.abort();
    controller.current = new AbortController();
    const { signal } = controller.current;
    setState({ items: before, status: 'loading', problem: null, next: cursor });
    load(cursor, signal).then(
      ({ items, next }) => {
        if (!signal.aborted) setState({ items: [...before, ...items], status: 'ready', problem: null, next });
      },
      (error: unknown) => {
        if (!signal.aborted) setState({ items: before, status: 'failed', problem: asProblem(error), next: cursor });
      },
    );
  };

  useEffect(() => {
    fetchPage(null, []);
    return () => controller.current.abort();
  }, inputs);

  const more = (): void => fetchPage(state.next, state.items);
  useRetry(state.problem, more);

  return {
    items: state.items,
    status: state.status,
    problem: state.problem,
    unfinished: state.next !== null,
    more,
    restart: () => fetchPage(null, []),
  };
}
