import type { Range } from '../../api/client.ts';
import type { Query } from '../../hooks/useRoute.ts';

/** How far back a board looks, and how often it is refreshed. */
export interface Lookback {
  /** In the address. */
  name: string;
  label: string;
  minutes: number;
  refreshSeconds: number;
}

/** A range of one's own. */
export interface OwnRange extends Range {
  refreshSeconds: number;
}

/** What a board shows. */
export type Span = Lookback | OwnRange;

export const LOOKBACKS: readonly Lookback[] = [
  { name: '30min', label: '30 min', minutes: 30, refreshSeconds: 10 },
  { name: '6h', label: '6 h', minutes: 6 * 60, refreshSeconds: 15 },
  { name: '24h', label: '24 h', minutes: 24 * 60, refreshSeconds: 15 },
  { name: '7d', label: '7 days', minutes: 7 * 24 * 60, refreshSeconds: 30 },
  { name: '30d', label: '30 days', minutes: 30 * 24 * 60, refreshSeconds: 60 },
  { name: '90d', label: '90 days', minutes: 90 * 24 * 60, refreshSeconds: 60 },
];

const USUAL: Lookback = LOOKBACKS[1]!;
const MINUTE = 60_000;
const [SHORTEST, LONGEST] = [30 * MINUTE, 90 * 24 * 60 * MINUTE];

/** What the query of a board asks for: a range (`start`, `end`), a look back (`window`), or the usual look back. */
export function spanOf({ window, start = '', end = '' }: Query): Span {
  const range = start && end ? allowedRange(new Date(start), new Date(end), new Date()) : null;
  if (range) return { ...range, refreshSeconds: 60 };
  return LOOKBACKS.find(({ name }) => name === window) ?? USUAL;
}

/** The query of a span, with an empty text for each value that the address leaves out. */
export function queryOf(span: Span): { window: string; start: string; end: string } {
  if (!('minutes' in span)) return { window: '', start: span.start, end: span.end };
  return { window: span === USUAL ? '' : span.name, start: '', end: '' };
}

/** The range of a span; a look back ends now. */
export function rangeOf(span: Span): Range {
  if (!('minutes' in span)) return { start: span.start, end: span.end };
  const now = Date.now();
  return { start: new Date(now - span.minutes * MINUTE).toISOString(), end: new Date(now).toISOString() };
}

/**
 * The range between two instants, in either order, as the API takes it: at least half an hour about its middle, at most
 * 90 days up to its end, and nothing after `now`. Null where an instant is none.
 */
export function allowedRange(one: Date, other: Date, now: Date): Range | null {
  let [start, end] = [one.getTime(), other.getTime()].toSorted((first, second) => first - second) as [number, number];
  if (Number.isNaN(start) || Number.isNaN(end)) return null;
  const lacking = Math.max(0, SHORTEST - (end - start));
  start -= lacking / 2;
  end += lacking / 2;
  const ahead = Math.max(0, end - now.getTime());
  end -= ahead;
  start = Math.max(Math.min(start, end - SHORTEST), end - LONGEST);
  return { start: new Date(start).toISOString(), end: new Date(end).toISOString() };
}
