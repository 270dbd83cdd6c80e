/**
 * The charts, drawn with Observable Plot. This module and the library are a file of their own, fetched when the first
 * chart is shown.
 *
 * Colours are the style sheet's custom properties, so that charts follow light and dark.
 */

import * as Plot from '@observablehq/plot';
import type { DriftByDay, LiveVersions } from '../../api/types.ts';
import { localTime } from '../../lib/dates.ts';
import { duration, integer, percent } from '../../lib/format.ts';
import type { ScoreBin, SeriesPoint } from './series.ts';

/** The time window of a chart, and the length of its buckets. */
export interface TimeWindow {
  start: string;
  end: string;
  bucket_seconds: number;
}

export type Drawing = SVGSVGElement | HTMLElement;

/** Room for "1,000,000" and for "Nov 27" under the left end. */
const MARGIN_LEFT = 74;
const MUTED = 'var(--muted)';
const LINE = 'var(--line)';

function draw(width: number, options: Plot.PlotOptions): Drawing {
  const style = { background: 'transparent', fontSize: '12px', fontFamily: 'inherit', color: MUTED };
  const drawing = Plot.plot({ width, height: 220, marginLeft: MARGIN_LEFT, marginRight: 24, style, ...options });
  // The drawing is one image with one name; the library's names for its groups aren't allowed inside an image.
  for (const named of drawing.querySelectorAll('[aria-label]')) named.removeAttribute('aria-label');
  return drawing;
}

function timeScale({ start, end }: { start: string; end: string }): Plot.ScaleOptions {
  return { type: 'time', domain: [new Date(start), new Date(end)], label: null };
}

const time = ({ at }: { at: string }): Date => new Date(at);

/** The start of a bucket; the first one may begin before the window does. */
const clippedStart = (at: string, { start }: TimeWindow): Date => new Date(at < start ? start : at);

/** Bars over time, stacked by series in the order of `colours`. */
export function stackedBars(
  width: number,
  window: TimeWindow,
  points: readonly SeriesPoint[],
  colours: ReadonlyMap<string, string>,
): Drawing {
  const end = ({ at }: { at: string }): Date => new Date(new Date(at).getTime() + window.bucket_seconds * 1000);
  const seconds = (new Date(window.end).getTime() - new Date(window.start).getTime()) / 1000;
  const barWidth = (width * window.bucket_seconds) / seconds;
  return draw(width, {
    x: timeScale(window),
    y: { label: null, grid: true, tickFormat: wholeTick, nice: true },
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
    ],
  });
}

/** A share over time, with limits as lines of their colours. */
export function shares(
  width: number,
  window: TimeWindow,
  points: readonly { at: string; share: number }[],
  limits: readonly { from: number; colour: string }[],
): Drawing {
  const most = Math.max(...points.map(({ share }) => share), ...limits.map(({ from }) => from * 1.2));
  const middle = ({ at }: { at: string }): Date => new Date(new Date(at).getTime() + window.bucket_seconds * 500);
  return draw(width, {
    x: timeScale(window),
    y: { label: null, grid: true, domain: [0, most], tickFormat: (share: number) => percent(share) },
    marks: [
      limits.map(({ from, colour }) => Plot.ruleY([from], { stroke: colour, strokeWidth: 1.5, strokeDasharray: '5 3' })),
      Plot.line(points, { x: middle, y: 'share', stroke: LINE }),
      Plot.dot(points, {
        x: middle,
        y: 'share',
        r: 4,
        fill: ({ share }) => limits.findLast(({ from }) => share >= from)?.colour ?? 'var(--green)',
        title: ({ at, share }) => `${localTime(at)}\n${(share * 100).toFixed(1)}% bad`,
        tip: TIP,
      }),
      Plot.ruleY([0], { stroke: MUTED }),
    ],
  });
}

/** The time from drop to scored of each file. */
export function latencies(
  width: number,
  window: { start: string; end: string },
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
    ],
  });
}

/** The share of predictions in each bin, as bars, beside the training's, as lines. */
export function scoreDistribution(
  width: number,
  bins: readonly ScoreBin[],
): Drawing {
  return draw(width, {
    x: { label: null, domain: [0, 1], tickFormat: (share: number) => percent(share) },
    y: { label: null, grid: true, nice: true, tickFormat: (share: number) => percent(share) },
    marks: [
      Plot.rectY(bins, {
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
        bins.filter(({ training }) => training !== null),
        { x1: 'from', x2: 'to', y: 'training', stroke: 'var(--text)', strokeWidth: 2 },
      ),
      Plot.ruleY([0], { stroke: MUTED }),
    ],
  });
}

/** One strip per column: its PSI on each day, and the threshold that chance explains at that day's number of rows. */
export function driftStrips(
  width: number,
  window: { start: string; end: string },
  days: DriftByDay['days'],
  label: (column: string) => string,
): Drawing {
  const noon = (day: string): Date => new Date(`${day}T12:00:00Z`);
  const cells = days.flatMap(({ day, columns, score }) =>
    [...columns, ...(score ? [{ ...score, column: 'score' }] : [])].map((each) => ({ ...each, at: noon(day), name: label(each.column) })),
  );
  const names = [...new Set(cells.map(({ name }) => name))];
  const most = Math.max(0.3, ...cells.map(({ psi }) => psi));
  const last = names.map((name) => cells.findLast((cell) => cell.name === name)).filter((cell) => cell !== undefined);
  return draw(width, {
    height: 40 + names.length * 56,
    marginTop: 4,
    marginLeft: 24,
    marginRight: 52,
    x: { ...timeScale(window), type: 'utc', ticks: Math.max(2, Math.min(days.length, Math.floor(width / 90))) },
    // The upper third is for the name.
    y: { domain: [0, most * 1.5], axis: null },
    fy: { domain: names, axis: null },
    color: { domain: ['stable', 'shifted', 'drifted'], range: ['var(--green)', 'var(--yellow)', 'var(--red)'] },
    marks: [
      Plot.ruleY([0], { stroke: LINE }),
      Plot.ruleY(cells, {
        x1: ({ at }) => new Date(at.getTime() - HALF_A_DAY),
        x2: ({ at }) => new Date(at.getTime() + HALF_A_DAY),
        y: 'threshold',
        fy: 'name',
        stroke: 'var(--orange)',
        strokeDasharray: '4 3',
      }),
      Plot.line(cells, { x: 'at', y: 'psi', fy: 'name', stroke: MUTED }),
      Plot.dot(cells, {
        x: 'at',
        y: 'psi',
        fy: 'name',
        r: 4,
        fill: 'verdict',
        title: ({ at, name, psi, threshold, verdict }) =>
          `${name}\n${at.toISOString().slice(0, 10)} (UTC)\nPSI ${psi.toFixed(3)}, ${verdict}\nstable up to ${threshold.toFixed(3)}`,
        tip: TIP,
      }),
      Plot.text(names, { fy: (name) => name, text: (name) => name, frameAnchor: 'top-left', dy: 4, fill: 'var(--text)', fontWeight: 600 }),
      Plot.text(last, { fy: 'name', y: 'psi', text: ({ psi }) => psi.toFixed(3), frameAnchor: 'right', dx: 46, fill: 'var(--text)', textAnchor: 'end' }),
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
  window: { start: string; end: string },
  days: readonly { day: string; candidates: number; expected: Ends & { value: number }; measured: (Ends & { value: number }) | null }[],
): Drawing {
  const points = days.map((each) => ({ ...each, at: new Date(`${each.day}T12:00:00Z`) }));
  const measured = points.flatMap(({ at, measured }) => (measured ? [{ at, ...measured }] : []));
  return draw(width, {
    x: timeScale(window),
    y: { label: null, grid: true, domain: [Math.min(0.5, ...points.map(({ expected }) => expected.low)), 1] },
    marks: [
      Plot.ruleX(points, { x: 'at', y1: ({ expected }) => expected.low, y2: ({ expected }) => expected.high, stroke: 'var(--accent)' }),
      Plot.dot(points, {
        x: 'at',
        y: ({ expected }) => expected.value,
        r: 4,
        fill: 'var(--accent)',
        title: ({ day, candidates, expected }) =>
          `${day} (UTC)\n${integer(candidates)} candidates\nexpected AUC ${expected.value.toFixed(3)} (${expected.low.toFixed(3)} to ${expected.high.toFixed(3)})`,
        tip: TIP,
      }),
      Plot.dot(measured, { x: 'at', y: 'value', r: 4, stroke: 'var(--text)', strokeWidth: 2 }),
    ],
  });
}

/** The AUC of each week's outcomes with its interval, one line per version. */
export function weeklyAuc(
  width: number,
  weeks: readonly { week: string; version: string; auc: number; interval: Ends | null; outcomes: number }[],
): Drawing {
  return draw(width, {
    x: { type: 'point', label: null, domain: [...new Set(weeks.map(({ week }) => week))].toSorted() },
    y: { label: null, grid: true, domain: [Math.min(0.5, ...weeks.map(({ auc, interval }) => interval?.low ?? auc)), 1] },
    marks: [
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

const HALF_A_DAY = 12 * 3600 * 1000;
const TIP = { fill: 'var(--surface)', stroke: 'var(--line-strong)', fontSize: 12 };

function wholeTick(value: number): string {
  return Number.isInteger(value) ? integer(value) : '';
}
