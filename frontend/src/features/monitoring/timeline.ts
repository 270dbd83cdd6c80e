/** The time axis that the charts of a board have in common. */

import { createContext } from 'preact';
import type { Range } from '../../api/client.ts';
import type { Alert, ListedModel } from '../../api/types.ts';
import { dayOf } from '../../lib/dates.ts';

/** Something that happened, marked in every chart over time. */
export interface Mark {
  at: string;
  letter: 'P' | 'T' | 'A';
  label: string;
}

export const MARKS: Record<Mark['letter'], string> = { P: 'promotion', T: 'training', A: 'alert' };
const MOST_MARKS = 40;

/** The newest of the promotions, trainings and alerts of a range, newest first. */
export function marksOf(
  { start, end }: Range,
  models: readonly ListedModel[],
  alerts: readonly Alert[],
): Mark[] {
  const marks: Mark[] = [
    ...models.flatMap(({ version, promoted_at, promoted_by }): Mark[] =>
      promoted_at ? [{ at: promoted_at, letter: 'P', label: `${version} was promoted${promoted_by ? ` by ${promoted_by}` : ''}` }] : [],
    ),
    ...models.map(({ version, created_at }): Mark => ({ at: created_at, letter: 'T', label: `${version} was trained` })),
    ...alerts.map(({ at, title }): Mark => ({ at, letter: 'A', label: title })),
  ];
  return marks
    .filter(({ at }) => at >= start && at < end)
    .toSorted((one, other) => (one.at < other.at ? 1 : -1))
    .slice(0, MOST_MARKS);
}

/** The instant that is pointed at in one chart, for all of them. */
export interface Crosshair {
  move(at: Date | null): void;
  /** Returns how to stop listening. */
  follow(listener: (at: Date | null) => void): () => void;
}

export function crosshair(): Crosshair {
  const listeners = new Set<(at: Date | null) => void>();
  return {
    move: (at) => listeners.forEach((listener) => listener(at)),
    follow(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

interface Timeline {
  crosshair: Crosshair;
  marks: readonly Mark[];
  /** A range was dragged over. */
  onRange: (from: Date, to: Date) => void;
}

export const TimelineContext = createContext<Timeline>({ crosshair: crosshair(), marks: [], onRange: () => undefined });

/** Which of some instants belong to a moment: those of its bucket, or, where there are none (`seconds` 0), the nearest. */
export function placesAt(instants: readonly string[], seconds: number, moment: Date): number[] {
  const now = moment.getTime();
  const times = instants.map((at) => new Date(at).getTime());
  if (seconds > 0) return times.flatMap((at, place) => (at <= now && now < at + seconds * 1000 ? [place] : []));
  const nearest = Math.min(...times.map((at) => Math.abs(at - now)));
  return times.flatMap((at, place) => (Math.abs(at - now) === nearest ? [place] : [])).slice(0, 1);
}

/** The seconds of the buckets that the API divides a range into. */
export function bucketSeconds({ start, end }: Range): number {
  const seconds = (new Date(end).getTime() - new Date(start).getTime()) / 1000;
  return [300, 3600].find((size) => seconds <= 300 * size) ?? 86_400;
}

/** The fragment of the files that were dropped in so many seconds from an instant on. */
export function filesOf(at: string, seconds: number): string {
  const start = new Date(at);
  const end = new Date(start.getTime() + seconds * 1000);
  return `#files?${new URLSearchParams({ start: start.toISOString(), end: end.toISOString() })}`;
}

/** The fragment of the predictions of a source on the day (local) of an instant. */
export function pastOf(at: string, source: string): string {
  const day = dayOf(new Date(at));
  return `#past?${new URLSearchParams({ from: day, to: day, source })}`;
}
