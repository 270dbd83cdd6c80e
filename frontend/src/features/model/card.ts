/** What the page reads of a model card; of an older release's, some may be missing. */

import type { Interval, ModelVersion, PairedDifference } from '../../api/types.ts';
import { count } from '../../lib/format.ts';

export interface Card {
  intervals?: Record<string, Interval>;
  warnings?: string[];
  calibration?: CalibrationPoint[];
  operating_points?: { thresholds: number[]; rows: number; looking: number; called: number[]; right: number[] };
  importances?: { feature: string; mean: number; deviation: number }[];
  slices?: Slice[];
  data?: {
    rows: number;
    positives: number;
    outcomes?: number;
    files?: { name: string; rows: number; used: number }[];
  };
  features?: string[];
  contract_version?: string;
  settings?: Record<string, unknown>;
  versions?: Record<string, string>;
}

/** Candidates with about the same probability, and the share of them who were looking. */
export interface CalibrationPoint {
  rows: number;
  predicted: number;
  observed: Interval;
}

/** What a threshold calls: the share of those looking, and of the others. */
export interface RocPoint {
  threshold: number;
  truePositiveRate: number;
  falsePositiveRate: number;
}

export interface Slice {
  column: string;
  level: string;
  rows: number;
  roc_auc: Interval | null;
  selected: Interval;
  true_positive_rate: Interval | null;
}

export function cardOf({ card }: Pick<ModelVersion, 'card'>): Card {
  return card;
}

/** A metric with its interval; without one where the card has none. */
export function metric({ metrics, card }: Pick<ModelVersion, 'metrics' | 'card'>, name: string): Interval | null {
  const value = metrics[name];
  if (value === undefined) return null;
  return cardOf({ card }).intervals?.[name] ?? { value, low: value, high: value };
}

export function rocCurve({ operating_points: points }: Card): RocPoint[] {
  if (!points) return [];
  const { thresholds, rows, looking, called, right } = points;
  return thresholds.map((threshold, at) => ({
    threshold,
    truePositiveRate: (right[at] ?? 0) / looking,
    falsePositiveRate: ((called[at] ?? 0) - (right[at] ?? 0)) / (rows - looking),
  }));
}

/** By which candidates the differences of two versions are measured; null where that isn't known. */
export function comparedOn(paired: PairedDifference | null): string {
  const independent = 'take the two for measured on different candidates; on the same ones they would be narrower.';
  if (paired === null) return `The intervals of B minus A ${independent}`;
  const shared = count(paired.rows, 'candidate');
  if (paired.roc_auc === null) {
    return `The two trainings share ${shared}, too few to measure a difference on. The intervals of B minus A ${independent}`;
  }
  return `In ROC-AUC and log loss, B minus A is measured on the ${shared} that both were trained on. Its other intervals ${independent}`;
}

/**
 * The second minus the first, with the interval of a difference of independent figures: half widths add up as squares.
 * Both measured on the same candidates, the true interval is narrower.
 */
export function difference(first: Interval | null, second: Interval | null): Interval | null {
  if (first === null || second === null) return null;
  const value = second.value - first.value;
  return {
    value,
    low: value - Math.hypot(second.value - second.low, first.high - first.value),
    high: value + Math.hypot(second.high - second.value, first.value - first.low),
  };
}

/** Whether an interval leaves no doubt that there is a difference. */
export function isCertain({ low, high }: Interval): boolean {
  return low > 0 || high < 0;
}

/** Names and values that differ between two settings. */
export function changes(
  first: Readonly<Record<string, unknown>>,
  second: Readonly<Record<string, unknown>>,
): { name: string; before: string; after: string }[] {
  const names = [...new Set([...Object.keys(first), ...Object.keys(second)])];
  const text = (value: unknown): string => (value === undefined ? '–' : typeof value === 'string' ? value : JSON.stringify(value));
  return names
    .map((name) => ({ name, before: text(first[name]), after: text(second[name]) }))
    .filter(({ before, after }) => before !== after);
}
