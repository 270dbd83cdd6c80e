/** What the boards draw, computed from the API's statistics. Shares are in [0, 1]. */

import type {
  Alert,
  Contract,
  DriftByDay,
  Estimates,
  FileRecord,
  LiveVersions,
  Quality,
  Scores,
  Traffic,
  Verdict,
} from '../../api/types.ts';
import { duration, finePercent, humanize, integer, percent } from '../../lib/format.ts';

/** A colour of the style sheet, by the name of its custom property. */
export type Colour = 'accent' | Status | Category | 'slate' | 'text';

/** Colours that say how bad something is, and nothing else. */
type Status = 'green' | 'yellow' | 'orange' | 'red';

/** Colours that only keep series apart. */
type Category = 'blue' | 'teal' | 'violet' | 'brown' | 'pink' | 'olive';

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

/** The points of the series that aren't hidden. */
export function visible(points: readonly SeriesPoint[], hidden: ReadonlySet<string>): SeriesPoint[] {
  return points.filter(({ series }) => !hidden.has(series));
}

/** A share or figure from which on a colour applies, and what it is called. */
export interface Limit {
  from: number;
  colour: Colour;
  name: string;
}

/** One cell of a heat map: a column on a day. */
export interface DayCell {
  day: string;
  name: string;
  fill: Colour;
  opacity: number;
  text: string;
  detail: string;
}

const VERDICTS: Record<Verdict, { fill: Colour; opacity: number }> = {
  stable: { fill: 'green', opacity: 0.25 },
  shifted: { fill: 'yellow', opacity: 0.5 },
  drifted: { fill: 'red', opacity: 0.6 },
};

/** The drift of each column, and of the score, on each day. */
export interface DriftCell extends DayCell {
  verdict: Verdict;
  psi: number;
  threshold: number;
  rows: number;
}

export function driftCells(days: DriftByDay['days'], label: (column: string) => string): DriftCell[] {
  return days.flatMap(({ day, rows, columns, score }) =>
    [...columns, ...(score ? [score] : [])].map(({ column, psi, threshold, verdict }) => ({
      day,
      rows,
      name: label(column),
      ...VERDICTS[verdict],
      text: psi.toFixed(2),
      detail: `PSI ${psi.toFixed(3)}, ${verdict}; stable up to ${threshold.toFixed(3)}`,
      verdict,
      psi,
      threshold,
    })),
  );
}

/** The share of rows in which each column is empty, on each day, and in training. */
export interface MissingCell extends DayCell {
  share: number;
  training: number;
  rows: number;
}

export function missingCells(days: DriftByDay['days'], label: (column: string) => string): MissingCell[] {
  return days.flatMap(({ day, rows, missing }) =>
    missing.map(({ column, share, training }) => ({
      day,
      rows,
      name: label(column),
      fill: 'accent' as const,
      opacity: 0.06 + 0.5 * share,
      text: percent(share),
      detail: `empty in ${finePercent(share)}; in training in ${finePercent(training)}`,
      share,
      training,
    })),
  );
}

/** One bar of the distribution of scores: the share of the predictions, and of the training's, from `from` to `to`. */
export interface ScoreBin {
  from: number;
  to: number;
  observed: number;
  training: number | null;
}

/** One colour each for the most frequent issues; the others share the last. */
const ISSUE_COLOURS: readonly Colour[] = ['blue', 'brown', 'teal', 'violet', 'olive', 'pink', 'slate'];

/** The criticalities under their own names and colours, the best first. */
export const CRITICALITY_SERIES: readonly Series[] = [
  { name: 'Ok', colour: 'green' },
  { name: 'Minor', colour: 'yellow' },
  { name: 'Major', colour: 'orange' },
  { name: 'Critical', colour: 'red' },
];

/** The number of alerts of each criticality in each bucket. */
export function alertPoints(alerts: readonly Pick<Alert, 'at' | 'criticality'>[], seconds: number): SeriesPoint[] {
  const found = new Map<string, SeriesPoint>();
  for (const { at, criticality } of alerts) {
    const start = new Date(Math.floor(new Date(at).getTime() / 1000 / seconds) * seconds * 1000).toISOString();
    const point = found.get(`${start} ${criticality}`) ?? { at: start, series: humanize(criticality), value: 0 };
    point.value++;
    found.set(`${start} ${criticality}`, point);
  }
  return [...found.values()];
}

/** The share of all predictions of each bucket that reach the threshold. */
export function sharesLooking(points: Traffic['points']): { at: string; predictions: number; share: number }[] {
  const found = new Map<string, { predictions: number; looking: number }>();
  for (const { at, predictions, will_change } of points) {
    const before = found.get(at) ?? { predictions: 0, looking: 0 };
    found.set(at, { predictions: before.predictions + predictions, looking: before.looking + will_change });
  }
  return [...found].map(([at, { predictions, looking }]) => ({ at, predictions, share: looking / predictions }));
}

/** What is expected of a group of candidates, and what their outcomes say; either may be missing. */
export interface GroupRow {
  name: string;
  expected: Estimates['groups'][number]['expected'] | null;
  measured: LiveGroup | null;
}

type LiveGroup = LiveVersions['versions'][number]['groups'][number];

/** The groups of both, each once, in the order of the first that has it. */
export function groupRows(
  expected: Estimates['groups'],
  measured: readonly LiveGroup[],
  name: (column: string, level: string) => string,
): GroupRow[] {
  const rows = new Map<string, GroupRow>();
  for (const { column, level, expected: quality } of expected)
    rows.set(name(column, level), { name: name(column, level), expected: quality, measured: null });
  for (const group of measured) {
    const row = rows.get(name(group.column, group.level)) ?? { name: name(group.column, group.level), expected: null, measured: null };
    rows.set(row.name, { ...row, measured: group });
  }
  return [...rows.values()];
}

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
    { from: major, colour: 'orange', name: `major from ${percent(major)}` },
    { from: critical, colour: 'red', name: `critical from ${percent(critical)}` },
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

/** "Missing value 6, Out of range 4": a file's rows by type of issue, over all columns; a column's sentence as it is. */
export function issueSummary({ issues }: Pick<FileRecord, 'issues'>): string {
  const rows = rowsByType(issues.filter(({ detail }) => !detail));
  return [
    ...issues.flatMap(({ detail }) => detail ?? []),
    ...[...rows].map(([type, number]) => `${humanize(type)} ${integer(number)}`),
  ].join(', ');
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
