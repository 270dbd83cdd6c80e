/** What the boards draw, computed from the API's statistics. Shares are in [0, 1]. */

import type { Contract, FileRecord, Quality, Scores } from '../../api/types.ts';
import { duration, humanize, integer } from '../../lib/format.ts';

/** A colour of the style sheet, by the name of its custom property. */
export type Colour = 'accent' | 'green' | 'yellow' | 'orange' | 'red' | 'violet' | 'slate' | 'text';

/** One series of a chart, as its legend shows it. */
export interface Series {
  name: string;
  colour: Colour;
}

/** The value of one series in the bucket that begins `at`. */
export interface SeriesPoint {
  at: string;
  series: string;
  value: number;
}

/** A share from which on a colour applies. */
export interface Limit {
  from: number;
  colour: Colour;
}

/** One bar of the distribution of scores: the share of the predictions, and of the training's, from `from` to `to`. */
export interface ScoreBin {
  from: number;
  to: number;
  observed: number;
  training: number | null;
}

/** One colour each for the most frequent issues; the others share the last. */
const ISSUE_COLOURS: readonly Colour[] = ['red', 'orange', 'yellow', 'accent', 'green', 'violet', 'slate'];

/** CSS colours by the series' names. */
export function colourByName(series: readonly Series[]): Map<string, string> {
  return new Map(series.map(({ name, colour }) => [name, `var(--${colour})`]));
}

/** What one bar stands for, in words. */
export function bucketNote(seconds: number): string {
  return `Each bar is ${seconds >= 86_400 ? 'a day (UTC)' : seconds >= 3600 ? 'an hour' : duration(seconds).replace(/ s$/, ' seconds')}.`;
}

/** The text instead of a chart without points; null for one with points. */
export function emptyText(points: readonly unknown[]): string | null {
  return points.length === 0 ? 'Nothing in this window. Choose a longer one, or wait for data.' : null;
}

/** The shares of bad rows at which a file becomes major and critical, by the contract. */
export function badShareLimits(contract: Contract): Limit[] {
  const { major = 1, critical = 1 } = contract.bad_shares;
  return [
    { from: major, colour: 'orange' },
    { from: critical, colour: 'red' },
  ];
}

/** The colour of the highest limit that the share reaches; green below all. */
export function colourOfShare(share: number, limits: readonly Limit[]): Colour {
  return limits.findLast(({ from }) => share >= from)?.colour ?? 'green';
}

/** The issues over time: a series each for the most frequent ones, most frequent first, and `Others` for the rest. */
export function issueSeries({ issues }: Pick<Quality, 'issues'>): { legend: Series[]; points: SeriesPoint[] } {
  const types = [...rowsByType(issues)].toSorted(([, one], [, other]) => other - one).map(([type]) => type);
  const own = types.length > ISSUE_COLOURS.length ? types.slice(0, ISSUE_COLOURS.length - 1) : types;
  const name = (type: string): string => (own.includes(type) ? humanize(type) : 'Others');
  return {
    legend: [...new Set(types.map(name))].map((series, at) => ({ name: series, colour: ISSUE_COLOURS[at] ?? 'slate' })),
    points: issues.map(({ at, type, rows }) => ({ at, series: name(type), value: rows })),
  };
}

/** "Missing value 6, Out of range 4": a file's rows by type of issue, over all columns. */
export function issueSummary({ issues }: Pick<FileRecord, 'issues'>): string {
  return [...rowsByType(issues)].map(([type, rows]) => `${humanize(type)} ${integer(rows)}`).join(', ');
}

/** The distribution of scores beside the training's, and the number of predictions in it. */
export function scoreBins({ bins, observed, training }: Pick<Scores, 'bins' | 'observed' | 'training'>): {
  total: number;
  bins: ScoreBin[];
} {
  const [total, trained] = [sum(observed), sum(training ?? [])];
  return {
    total,
    bins: observed.map((count, at) => ({
      from: bins[at] ?? 0,
      to: bins[at + 1] ?? 1,
      observed: total > 0 ? count / total : 0,
      training: training && trained > 0 ? (training[at] ?? 0) / trained : null,
    })),
  };
}

/** The window widened to whole UTC days, so that no day's dot is outside. */
export function wholeDays({ start, end, days }: { start: string; end: string; days: readonly { day: string }[] }): {
  start: string;
  end: string;
} {
  const first = days.map(({ day }) => `${day}T00:00:00.000Z`).reduce((one, other) => (other < one ? other : one), start);
  const last = days.map(({ day }) => `${day}T23:59:59.999Z`).reduce((one, other) => (other > one ? other : one), end);
  return { start: first, end: last };
}

function rowsByType(issues: readonly { type: string; rows: number }[]): Map<string, number> {
  const rows = new Map<string, number>();
  for (const issue of issues) rows.set(issue.type, (rows.get(issue.type) ?? 0) + issue.rows);
  return rows;
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
