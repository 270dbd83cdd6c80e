import { type Inputs, useLayoutEffect, useRef, useState } from 'preact/hooks';
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
  /** Puts what is new on the first page before the items; what changed there takes its place. */
  refresh: () => void;
}

interface Listed<Item> {
  items: Item[];
  next: string | null;
}

/** A list after its first page was loaded once more; the first page alone where they have nothing in common. */
export function renewed<Item>(before: Listed<Item>, first: Listed<Item>, keyOf: (item: Item) => string): Listed<Item> {
  const fresh = new Set(first.items.map(keyOf));
  const rest = before.items.filter((item) => !fresh.has(keyOf(item)));
  return rest.length === before.items.length && rest.length > 0
    ? first
    : { items: [...first.items, ...rest], next: rest.length > 0 ? before.next : first.next };
}

/** Loads a list page by page, and starts over whenever `inputs` change. */
export function usePages<Item>(
  load: (cursor: string | null, signal: AbortSignal) => Promise<Page<Item>>,
  inputs: Inputs,
  keyOf: (item: Item) => string = (item) => JSON.stringify(item),
): Pages<Item> {
  const [state, setState] = useState<Omit<Pages<Item>, 'hasMore' | 'loadMore' | 'reload' | 'refresh'> & { next: string | null }>({
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

  // Asked for before the view is painted, not after.
  useLayoutEffect(() => {
    fetchPage(null, []);
    return () => controller.current.abort();
  }, inputs);

  const refresh = (): void => {
    const { signal } = controller.current;
    if (state.status === 'ready')
      load(null, signal).then(
        ({ items, next }) => {
          if (signal.aborted) return;
          setState((now) =>
            now.status === 'ready' ? { ...now, ...renewed(now, { items, next }, keyOf) } : now,
          );
        },
        // The next refresh tries again.
        () => undefined,
      );
  };
  const loadMore = (): void => fetchPage(state.next, state.items);
  useRetryOnReconnect(state.problem, loadMore);

  return {
    items: state.items,
    status: state.status,
    problem: state.problem,
    hasMore: state.next !== null,
    loadMore,
    reload: () => fetchPage(null, []),
    refresh,
  };
}
