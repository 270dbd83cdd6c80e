import { type Inputs, useEffect, useRef, useState } from 'preact/hooks';
import { type Problem, asProblem } from '../api/problem.ts';
import type { Page } from '../api/types.ts';
import { useRetryOnReconnect } from './useRetryOnReconnect.ts';

export interface Pages<Item> {
  items: Item[];
  status: 'loading' | 'failed' | 'ready';
  problem: Problem | null;
  /** Whether the API has more pages. */
  hasMore: boolean;
  /** Loads the next page, or retries the one that failed. */
  loadMore: () => void;
  /** Starts over at the first page. */
  reload: () => void;
}

/** Loads a list page by page, and starts over whenever `inputs` change. */
export function usePages<Item>(
  load: (cursor: string | null, signal: AbortSignal) => Promise<Page<Item>>,
  inputs: Inputs,
): Pages<Item> {
  const [state, setState] = useState<Omit<Pages<Item>, 'hasMore' | 'loadMore' | 'reload'> & { next: string | null }>({
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

  const loadMore = (): void => fetchPage(state.next, state.items);
  useRetryOnReconnect(state.problem, loadMore);

  return {
    items: state.items,
    status: state.status,
    problem: state.problem,
    hasMore: state.next !== null,
    loadMore,
    reload: () => fetchPage(null, []),
  };
}
