import type { Range } from '../../api/client.ts';

/** How far back a board looks, and how often it is refreshed. */
export interface Lookback {
  /** In the address. */
  name: string;
  label: string;
  minutes: number;
  refreshSeconds: number;
}

export const LOOKBACKS: readonly Lookback[] = [
  { name: '30min', label: '30 min', minutes: 30, refreshSeconds: 10 },
  { name: '6h', label: '6 h', minutes: 6 * 60, refreshSeconds: 15 },
  { name: '24h', label: '24 h', minutes: 24 * 60, refreshSeconds: 15 },
  { name: '7d', label: '7 days', minutes: 7 * 24 * 60, refreshSeconds: 30 },
  { name: '30d', label: '30 days', minutes: 30 * 24 * 60, refreshSeconds: 60 },
  { name: '90d', label: '90 days', minutes: 90 * 24 * 60, refreshSeconds: 60 },
];

/** The range that ends now. */
export function rangeOf({ minutes }: Lookback): Range {
  const now = Date.now();
  return { start: new Date(now - minutes * 60_000).toISOString(), end: new Date(now).toISOString() };
}
