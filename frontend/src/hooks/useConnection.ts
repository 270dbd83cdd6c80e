import { useEffect, useState } from 'preact/hooks';
import { isConnectionLost, onConnectionChange, reportConnection } from '../api/connection.ts';

const PROBE_MILLISECONDS = 3000;

/** Whether the connection is lost; while it is, `probe` is called every few seconds to find out whether it is restored. */
export function useConnection(probe: () => Promise<unknown>): boolean {
  const lost = useConnectionLost();
  useEffect(() => {
    const check = (): void => void probe().catch(() => undefined);
    const lose = (): void => reportConnection('lost');
    addEventListener('offline', lose);
    addEventListener('online', check);
    const timer = lost ? setInterval(check, PROBE_MILLISECONDS) : undefined;
    return () => {
      removeEventListener('offline', lose);
      removeEventListener('online', check);
      clearInterval(timer);
    };
  }, [lost, probe]);
  return lost;
}

export function useConnectionLost(): boolean {
  const [lost, setLost] = useState(isConnectionLost);
  useEffect(() => onConnectionChange(setLost), []);
  return lost;
}
