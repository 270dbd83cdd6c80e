import { useEffect, useState } from 'preact/hooks';

/** Whether the service can be reached, as the latest request to it found. */
let lost = false;
const listeners = new Set<(lost: boolean) => void>();

/** To be told by whoever got an answer, or none, from the service. */
export function connectionIs(found: 'there' | 'lost'): void {
  if (lost === (found === 'lost')) return;
  lost = !lost;
  for (const listener of [...listeners]) listener(lost);
}

/** Calls the listener whenever the connection is lost or found again; returns how to stop that. */
export function onConnection(listener: (lost: boolean) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const PROBE_MILLISECONDS = 3000;

/** Whether the connection is lost; while it is, `probe` is asked every few seconds whether it is back. */
export function useConnection(probe: () => Promise<unknown>): boolean {
  const [isLost, setLost] = useState(lost);

  useEffect(() => onConnection(setLost), []);
  useEffect(() => {
    const ask = (): void => void probe().catch(() => undefined);
    const lose = (): void => connectionIs('lost');
    addEventListener('offline', lose);
    addEventListener('online', ask);
    const timer = isLost ? setInterval(ask, PROBE_MILLISECONDS) : undefined;
    return () => {
      removeEventListener('offline', lose);
      removeEventListener('online', ask);
      clearInterval(timer);
    };
  }, [isLost, probe]);
  return isLost;
}
