import { useEffect, useRef } from 'preact/hooks';

/** Does something every so many seconds while the page is visible. */
export function useInterval(act: () => void, seconds: number): void {
  const latest = useRef(act);
  latest.current = act;
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') latest.current();
    }, seconds * 1000);
    return () => clearInterval(timer);
  }, [seconds]);
}
