import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

/** Up to this many rows all are rendered. */
const ALL_UP_TO = 50;
/** Rows that are rendered beyond the edges of what is seen. */
const MARGIN = 6;
const USUAL_HEIGHT = 37;

export interface RowWindow {
  /** Of the element in which the table scrolls. */
  scroller: RefObject<HTMLDivElement | null>;
  /** The rows to render: from the first to before the end. */
  first: number;
  end: number;
  /** The height in pixels of the rows before and after them. */
  above: number;
  below: number;
}

/** Of many rows those that are in sight, if they are `uniform`: all of the same height. */
export function useRowWindow(rows: number, uniform: boolean): RowWindow {
  const scroller = useRef<HTMLDivElement>(null);
  const [height, setHeight] = useState(USUAL_HEIGHT);
  const [top, setTop] = useState(0);
  const windowed = uniform && rows > ALL_UP_TO;

  useLayoutEffect(() => {
    const shown = windowed ? scroller.current?.querySelectorAll<HTMLElement>('tr[data-row]') : undefined;
    const [one, last] = [shown?.[0], shown?.[shown.length - 1]];
    if (!shown || !one || !last) return;
    const measured = (last.offsetTop + last.offsetHeight - one.offsetTop) / shown.length;
    if (measured > 0 && Math.abs(measured - height) > 1) setHeight(measured);
  }, [windowed, rows]);

  useEffect(() => {
    const element = scroller.current;
    if (!windowed || !element) return undefined;
    let frame = 0;
    const follow = (): void => {
      cancelAnimationFrame(frame);
      // Half a margin at a time, so that most frames only scroll.
      const step = (MARGIN / 2) * height;
      frame = requestAnimationFrame(() => setTop(Math.floor(element.scrollTop / step) * step));
    };
    element.addEventListener('scroll', follow, { passive: true });
    return () => {
      element.removeEventListener('scroll', follow);
      cancelAnimationFrame(frame);
    };
  }, [windowed, height]);

  if (!windowed) return { scroller, first: 0, end: rows, above: 0, below: 0 };
  const seen = Math.ceil((scroller.current?.clientHeight ?? innerHeight * 0.75) / height);
  const first = Math.max(0, Math.min(Math.floor(top / height), rows - seen) - MARGIN);
  const end = Math.min(rows, first + seen + 2.5 * MARGIN);
  return { scroller, first, end, above: first * height, below: (rows - end) * height };
}
