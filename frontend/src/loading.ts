import { type Inputs, useEffect, useRef, useState } from 'preact/hooks';
import { type Problem, asProblem } from './problem.ts';
import type { Page } from './shapes.ts';

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
  return loaded;
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

  return {
    items: state.items,
    status: state.status,
    problem: state.problem,
    unfinished: state.next !== null,
    more: () => fetchPage(state.next, state.items),
    restart: () => fetchPage(null, []),
  };
}
