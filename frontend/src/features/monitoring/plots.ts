/**
 * The charts, drawn with Observable Plot. This module and the library are a file of their own, fetched when the first
 * chart is shown.
 *
 * Colours are the style sheet's custom properties, so that charts follow light and dark.
 */

import * as Plot from '@observablehq/plot';
import type { LiveVersions } from '../../api/types.ts';
import { localTime } from '../../lib/dates.ts';
import { duration, finePercent, integer, latency, percent } from '../../lib/format.ts';
import type { Colour, DayCell, Limit, ScoreBin, SeriesPoint } from './series.ts';
import type { Mark } from './timeline.ts';

/** The time window of a chart, and the length of its buckets. */
export interface TimeWindow {
  start: string;
  end: string;
  bucket_seconds: number;
}

/** The time axis of a chart, and what happened along it. */
interface Axis {
  start: string;
  end: string;
  marks?: readonly Mark[];
}

type Marked<Window> = Window & { marks?: readonly Mark[] };

export type Drawing = ReturnType<typeof Plot.plot>;

/** Room for "1,000,000" and for "Nov 27" under the left end. */
const MARGIN_LEFT = 74;
const FONT_PIXELS = 12;
const MUTED = 'var(--muted)';
const LINE = 'var(--line)';

function draw(width: number, options: Plot.PlotOptions): Drawing {
  const style = { background: 'transparent', fontSize: `${FONT_PIXELS}px`, fontFamily: 'inherit', color: MUTED };
  const drawing = Plot.plot({ width, height: 220, marginLeft: MARGIN_LEFT, marginRight: 24, style, ...options });
  // The drawing is one image with one name; the library's names for its groups aren't allowed inside an image.
  for (const named of drawing.querySelectorAll('[aria-label]')) named.removeAttribute('aria-label');
  return drawing;
}

function timeScale({ start, end }: { start: string; end: string }): Plot.ScaleOptions {
  return { type: 'time', domain: [new Date(start), new Date(end)], label: null };
}

const time = ({ at }: { at: string }): Date => new Date(at);

/** A line for each of the marks, and the letters of those that are close together. */
function markLines({ start, end, marks = [] }: Axis): Plot.Markish[] {
  const close = (new Date(end).getTime() - new Date(start).getTime()) / 40;
  const groups: { at: string; letters: string; label: string }[] = [];
  for (const { at, letter, label } of marks) {
    const near = groups.find((group) => Math.abs(time(group).getTime() - time({ at }).getTime()) < close);
    if (!near) groups.push({ at, letters: letter, label });
    else {
      if (!near.letters.includes(letter)) near.letters += letter;
      near.label += `\n${label}`;
    }
  }
  return [
    Plot.ruleX(marks, { x: time, stroke: MUTED, strokeDasharray: '2 3' }),
    Plot.text(groups, {
      x: time,
      text: 'letters',
      frameAnchor: 'top',
      dy: -12,
      fill: 'var(--text)',
      fontWeight: 600,
      title: ({ at, label }: (typeof groups)[number]) => `${localTime(at)}\n${label}`,
      tip: TIP,
    }),
  ];
}

/** A line with its name for each limit of a share or a figure. */
function limitLines(limits: readonly Limit[]): Plot.Markish[] {
  return limits.flatMap(({ from, colour, name }) => [
    Plot.ruleY([from], { stroke: `var(--${colour})`, strokeWidth: 1.5, strokeDasharray: '5 3' }),
    Plot.text([from], { y: from, text: () => name, frameAnchor: 'right', textAnchor: 'end', dy: -7, fill: 'var(--text)', stroke: 'var(--surface)' }),
  ]);
}

/** The start of a bucket; the first one may begin before the window does. */
const clippedStart = (at: string, { start }: TimeWindow): Date => new Date(at < start ? start : at);

/** Bars over time, stacked by series in the order of `colours`. */
export function stackedBars(
  width: number,
  window: Marked<TimeWindow>,
  points: readonly SeriesPoint[],
  colours: ReadonlyMap<string, string>,
): Drawing {
  const end = ({ at }: { at: string }): Date => new Date(new Date(at).getTime() + window.bucket_seconds * 1000);
  const seconds = (new Date(window.end).getTime() - new Date(window.start).getTime()) / 1000;
  const barWidth = (width * window.bucket_seconds) / seconds;
  return draw(width, {
    x: timeScale(window),
    y: { label: null, grid: true, ticks: Math.min(highestStack(points), 5), tickFormat: integer, nice: true },
    color: { domain: [...colours.keys()], range: [...colours.values()] },
    marks: [
      Plot.rectY(
        points,
        Plot.stackY({
          x1: ({ at }: SeriesPoint) => clippedStart(at, window),
          x2: end,
          y: 'value',
          fill: 'series',
          order: [...colours.keys()],
          // A gap between bars that are a pixel or two wide would leave nothing of them.
          inset: barWidth > 4 ? 0.5 : 0,
          title: ({ at, series, value }: SeriesPoint) => `${localTime(at)}\n${series}: ${integer(value)}`,
          tip: TIP,
        }),
      ),
      Plot.ruleY([0], { stroke: MUTED }),
      markLines(window),
    ],
  });
}

/** A share over time. Each dot has the colour of the highest limit that it reaches, and `colour` below all. */
export function shares(
  width: number,
  window: Marked<TimeWindow>,
  points: readonly { at: string; share: number }[],
  { limits, reference = [], colour, what }: { limits: readonly Limit[]; reference?: readonly Limit[]; colour: Colour; what: string },
): Drawing {
  const most = Math.min(1, Math.max(...[...points.map(({ share }) => share), ...[...limits, ...reference].map(({ from }) => from)].map((top) => top * 1.15), 0.01));
  const middle = ({ at }: { at: string }): Date => new Date(new Date(at).getTime() + window.bucket_seconds * 500);
  return draw(width, {
    x: timeScale(window),
    y: { label: null, grid: true, domain: [0, most], tickFormat: (share: number) => percent(share) },
    marks: [
      limitLines([...limits, ...reference]),
      Plot.line(points, { x: middle, y: 'share', stroke: LINE }),
      Plot.dot(points, {
        x: middle,
        y: 'share',
        r: 4,
        fill: ({ share }) => `var(--${limits.findLast(({ from }) => share >= from)?.colour ?? colour})`,
        title: ({ at, share }) => `${localTime(at)}\n${finePercent(share)} ${what}`,
        tip: TIP,
      }),
      Plot.ruleY([0], { stroke: MUTED }),
      markLines(window),
    ],
  });
}

/** The time from drop to scored of each file. */
export function latencies(
  width: number,
  window: Axis,
  points: readonly { at: string; name: string; seconds: number }[],
): Drawing {
  return draw(width, {
    x: timeScale(window),
    y: { label: null, grid: true, zero: true, nice: true, tickFormat: (seconds: number) => (seconds === 0 ? '0' : duration(seconds)) },
    marks: [
      Plot.dot(points, {
        x: time,
        y: 'seconds',
        r: 4,
        fill: 'var(--accent)',
        fillOpacity: 0.75,
        title: ({ at, name, seconds }) => `${name}\n${localTime(at)}\n${duration(seconds)}`,
        tip: TIP,
      }),
      Plot.ruleY([0], { stroke: MUTED }),
      markLines(window),
    ],
  });
}

/** Quantiles of the API's latency over time on a logarithmic scale, as wide as the bins they are estimated from. */
export function quantiles(
  width: number,
  window: Marked<TimeWindow>,
  points: readonly SeriesPoint[],
  colours: ReadonlyMap<string, string>,
  limit: Limit,
): Drawing {
  const middle = ({ at }: { at: string }): Date => new Date(new Date(at).getTime() + window.bucket_seconds * 500);
  return draw(width, {
    x: timeScale(window),
    y: { type: 'log', label: null, grid: true, domain: [Math.min(0.01, ...points.map(({ value }) => value)), limit.from * 4], ticks: [0.01, 0.1, 1, 10], tickFormat: latency },
    color: { domain: [...colours.keys()], range: [...colours.values()] },
    marks: [
      limitLines([limit]),
      Plot.line(points, { x: middle, y: 'value', z: 'series', stroke: 'series', strokeWidth: 1.5 }),
      Plot.dot(points, {
        x: middle,
        y: 'value',
        r: 3,
        fill: 'series',
        title: ({ at, series, value }: SeriesPoint) => `${localTime(at)}\n${series}: about ${latency(value)}`,
        tip: TIP,
      }),
      markLines(window),
    ],
  });
}

/** The share of predictions in each bin, as bars, beside the training's, as lines. */
export function scoreDistribution(
  width: number,
  bins: readonly ScoreBin[],
  { observed, training }: { observed: boolean; training: boolean },
): Drawing {
  return draw(width, {
    x: { label: null, domain: [0, 1], tickFormat: (share: number) => percent(share) },
    y: { label: null, grid: true, nice: true, tickFormat: (share: number) => percent(share) },
    marks: [
      Plot.rectY(observed ? bins : [], {
        x1: 'from',
        x2: 'to',
        y: 'observed',
        fill: 'var(--accent)',
        inset: 1,
        title: ({ from, to, observed, training }) =>
          `${percent(from)} to ${percent(to)}\nthese predictions: ${percent(observed)}` +
          (training === null ? '' : `\ntraining: ${percent(training)}`),
        tip: TIP,
      }),
      Plot.ruleY(
        bins.filter((bin) => training && bin.training !== null),
        { x1: 'from', x2: 'to', y: 'training', stroke: 'var(--text)', strokeWidth: 2 },
      ),
      Plot.ruleY([0], { stroke: MUTED }),
    ],
  });
}

/** A cell for each column (down) and day (across), in its colour and with its text. */
export function heatMap(width: number, cells: readonly DayCell[]): Drawing {
  const days = [...new Set(cells.map(({ day }) => day))];
  const names = [...new Set(cells.map(({ name }) => name))];
  const marginLeft = Math.min(190, width * 0.55);
  const cellWidth = (width - marginLeft) / days.length;
  const every = Math.ceil(48 / cellWidth);
  return draw(width, {
    height: 36 + names.length * 28,
    marginTop: 4,
    marginLeft,
    marginRight: 4,
    x: {
      type: 'band',
      domain: days,
      label: null,
      padding: 0.04,
      tickSize: 0,
      ticks: days.filter((_, at) => at % every === 0),
      tickFormat: (day: string) => DAY.format(new Date(`${day}T12:00:00Z`)),
    },
    y: { type: 'band', domain: names, label: null, padding: 0.06, tickSize: 0 },
    marks: [
      Plot.cell(cells, {
        x: 'day',
        y: 'name',
        fill: ({ fill }: DayCell) => `var(--${fill})`,
        fillOpacity: 'opacity',
        title: ({ day, name, detail }: DayCell) => `${name}\n${day} (UTC)\n${detail}`,
        tip: TIP,
      }),
      cellWidth > 44 ? Plot.text(cells, { x: 'day', y: 'name', text: 'text', fill: 'var(--text)', pointerEvents: 'none' }) : null,
    ],
  });
}

const DAY = new Intl.DateTimeFormat('en', { month: 'short', day: 'numeric', timeZone: 'UTC' });

/** A figure with its interval for each name; another one below it; and other figures of it as symbols. */
export function intervals(
  width: number,
  rows: readonly { name: string; value: number | null; low: number | null; high: number | null; detail: string; measured?: (Ends & { value: number; detail: string }) | null; others: readonly { value: number; symbol: 'square' | 'diamond' }[] }[],
  { marginLeft = 150, domain }: { marginLeft?: number; domain: [number, number] },
): Drawing {
  const known = rows.flatMap(({ name, low, high }) => (low === null || high === null ? [] : [{ name, low, high }]));
  const measured = rows.flatMap(({ name, measured }) => (measured ? [{ name, ...measured }] : []));
  const margin = Math.min(marginLeft, width / 2);
  return draw(width, {
    height: 44 + rows.length * 30,
    marginLeft: margin,
    x: { label: null, grid: true, domain, clamp: true },
    y: { type: 'band', domain: rows.map(({ name }) => name), label: null },
    marks: [
      // A name that is too long for a narrow screen has two lines. An em is as wide as two letters.
      Plot.axisY({ tickSize: 0, label: null, lineWidth: (margin - 20) / FONT_PIXELS }),
      Plot.ruleY(known, { y: 'name', x1: 'low', x2: 'high', stroke: 'var(--accent)', strokeWidth: 2 }),
      Plot.dot(rows.filter(({ value }) => value !== null), { x: 'value', y: 'name', r: 4, fill: 'var(--accent)', title: 'detail', tip: TIP }),
      Plot.ruleY(measured, { y: 'name', x1: 'low', x2: 'high', stroke: 'var(--text)', strokeWidth: 1.5, dy: BELOW }),
      Plot.dot(measured, { x: 'value', y: 'name', r: 4, fill: 'var(--surface)', stroke: 'var(--text)', strokeWidth: 2, dy: BELOW, title: 'detail', tip: TIP }),
      Plot.dot(
        rows.flatMap(({ name, others }) => others.map((other) => ({ name, ...other }))),
        { x: 'value', y: 'name', r: 5, symbol: ({ symbol }: { symbol: string }) => symbol as Plot.SymbolType, stroke: 'var(--text)', strokeWidth: 1.5 },
      ),
    ],
  });
}

/** The observed rate against the mean prediction of each bin; on the diagonal they are equal. */
export function calibration(width: number, bins: LiveVersions['versions'][number]['calibration']): Drawing {
  return draw(width, {
    x: { label: 'predicted', labelAnchor: 'center', domain: [0, 1], tickFormat: (share: number) => percent(share) },
    y: { label: null, grid: true, domain: [0, 1], tickFormat: (share: number) => percent(share) },
    r: { range: [3, 9] },
    marginBottom: 36,
    marks: [
      Plot.line([[0, 0], [1, 1]], { stroke: MUTED, strokeDasharray: '5 3' }),
      Plot.dot(bins, {
        x: 'mean_probability',
        y: 'observed_rate',
        r: 'outcomes',
        fill: 'var(--accent)',
        title: ({ mean_probability, observed_rate, outcomes }) =>
          `predicted ${percent(mean_probability)}\ncame about ${percent(observed_rate)}\n${integer(outcomes)} outcomes`,
        tip: TIP,
      }),
    ],
  });
}

interface Ends {
  low: number;
  high: number;
}

/** The AUC to expect of each day, with its interval, and the one that outcomes gave later. */
export function expectedAuc(
  width: number,
  window: Axis,
  days: readonly { day: string; candidates: number; expected: Ends & { value: number }; measured: (Ends & { value: number }) | null }[],
  expected: boolean,
): Drawing {
  const points = days.map((each) => ({ ...each, at: new Date(`${each.day}T12:00:00Z`) }));
  const shown = expected ? points : [];
  const measured = points.flatMap(({ at, measured }) => (measured ? [{ at, ...measured }] : []));
  return draw(width, {
    x: timeScale(window),
    y: { label: null, grid: true, domain: [Math.min(0.5, ...points.map(({ expected }) => expected.low)), 1] },
    marks: [
      Plot.ruleX(shown, { x: 'at', y1: ({ expected }) => expected.low, y2: ({ expected }) => expected.high, stroke: 'var(--accent)' }),
      Plot.dot(shown, {
        x: 'at',
        y: ({ expected }) => expected.value,
        r: 4,
        fill: 'var(--accent)',
        title: ({ day, candidates, expected }) =>
          `${day} (UTC)\n${integer(candidates)} candidates\nexpected AUC ${expected.value.toFixed(3)} (${expected.low.toFixed(3)} to ${expected.high.toFixed(3)})`,
        tip: TIP,
      }),
      Plot.dot(measured, { x: 'at', y: 'value', r: 4, stroke: 'var(--text)', strokeWidth: 2 }),
      markLines(window),
    ],
  });
}

/** The AUC of each week's outcomes with its interval, one line per version. */
export function weeklyAuc(
  width: number,
  weeks: readonly { week: string; version: string; auc: number; interval: Ends | null; outcomes: number }[],
  limits: readonly Limit[],
): Drawing {
  return draw(width, {
    x: { type: 'point', label: null, domain: [...new Set(weeks.map(({ week }) => week))].toSorted() },
    y: { label: null, grid: true, domain: [Math.min(0.5, ...weeks.map(({ auc, interval }) => interval?.low ?? auc)), 1] },
    marks: [
      limitLines(limits),
      Plot.ruleX(
        weeks.flatMap(({ week, interval }) => (interval ? [{ week, ...interval }] : [])),
        { x: 'week', y1: 'low', y2: 'high', stroke: 'var(--accent)', strokeOpacity: 0.5 },
      ),
      Plot.line(weeks, { x: 'week', y: 'auc', z: 'version', stroke: 'var(--accent)' }),
      Plot.dot(weeks, {
        x: 'week',
        y: 'auc',
        r: 4,
        fill: 'var(--accent)',
        title: ({ week, version, auc, outcomes }) => `${week}\n${version}\nAUC ${auc.toFixed(3)}\n${integer(outcomes)} outcomes`,
        tip: TIP,
      }),
    ],
  });
}

/** Pixels from the middle of a row to its second figure. */
const BELOW = 9;

const TIP = { fill: 'var(--surface)', stroke: 'var(--line-strong)', fontSize: 12 };

/** The height of the highest stack, at least 1: with no more ticks than that, each is a whole number. */
function highestStack(points: readonly SeriesPoint[]): number {
  const heights = new Map<string, number>();
  for (const { at, value } of points) heights.set(at, (heights.get(at) ?? 0) + value);
  return Math.max(1, ...heights.values());
}
