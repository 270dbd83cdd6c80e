import { useEffect } from 'preact/hooks';
import { onConnectionChange } from '../api/connection.ts';
import type { Problem } from '../api/problem.ts';

/** Retries a request that failed because the connection was lost, as soon as the connection is restored. */
export function useRetryOnReconnect(problem: Problem | null, retry: () => void): void {
  const disconnected = problem?.status === 0;
  useEffect(
    () => (disconnected ? onConnectionChange((lost) => !lost && retry()) : undefined),
    [disconnected, retry],
  );
}
