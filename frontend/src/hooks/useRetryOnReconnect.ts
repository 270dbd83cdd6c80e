import { useEffect } from 'preact/hooks';
import { onConnectionChange } from '../api/connection.ts';
import type { Problem } from '../api/problem.ts';

/** Retries a request that failed without a connection or a valid token, as soon as there is one again. */
export function useRetryOnReconnect(problem: Problem | null, retry: () => void): void {
  const disconnected = problem?.status === 0 || problem?.status === 401;
  useEffect(
    () => (disconnected ? onConnectionChange((lost) => !lost && retry()) : undefined),
    [disconnected, retry],
  );
}
