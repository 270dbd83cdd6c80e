/** What each chart shows, in one sentence; null where there is nothing to say. */

import type { Alert, Estimates, LiveVersions, Quality, QueueDepths, Requests, Traffic } from '../../api/types.ts';
import { localTime } from '../../lib/dates.ts';
import { count, duration, finePercent, humanize, integer, latency, percent } from '../../lib/format.ts';
import { QUEUES } from '../../lib/systemState.ts';
import type { DriftCell, GroupRow, Limit, MissingCell, ScoreBin } from './series.ts';

export function rowsFinding({ points }: Pick<Quality, 'points'>): string | null {
  const [files, total, bad] = [sum(points, 'files'), sum(points, 'total'), sum(points, 'bad')];
  if (total === 0) return null;
  return `${count(total, 'row')} came in ${count(files, 'file')}; ${bad === 0 ? 'none was bad' : `${finePercent(bad / total)} were bad`}.`;
}

export function badShareFinding(points: readonly { at: string; share: number }[], limits: readonly Limit[]): string | null {
  const worst = points.toSorted((one, other) => other.share - one.share)[0];
  if (!worst) return null;
  if (worst.share === 0) return 'No row was bad.';
  const limit = limits.findLast(({ from }) => worst.share >= from);
  return `Worst at ${localTime(worst.at)}: ${finePercent(worst.share)} bad${limit ? `, ${limit.name}` : ', below every limit'}.`;
}

export function issuesFinding(points: readonly { series: string; value: number }[]): string | null {
  const [first] = totals(points);
  return first ? `Most frequent: ${first[0]}, in ${count(first[1], 'row')}.` : null;
}

export function latencyFinding(files: Quality['latency']): string | null {
  const sorted = files.toSorted((one, other) => one.seconds - other.seconds);
  const [median, slowest] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted.at(-1)];
  if (!median || !slowest) return null;
  return `Half of the files were scored within ${duration(median.seconds)}; the slowest, ${slowest.name}, took ${duration(slowest.seconds)}.`;
}

export function criticalityFinding(files: Readonly<Record<string, number>>): string {
  const all = Object.values(files).reduce((total, number) => total + number, 0);
  const troubled = (files.major ?? 0) + (files.critical ?? 0);
  return troubled === 0 ? `None of ${count(all, 'file')} is major or critical.` : `${integer(troubled)} of ${count(all, 'file')} ${troubled === 1 ? 'is' : 'are'} major or critical.`;
}

export function predictionsFinding({ points }: Pick<Traffic, 'points'>): string | null {
  const all = sum(points, 'predictions');
  return all === 0 ? null : `${count(all, 'prediction')} in this window.`;
}

/** `usual` is the share in training that would have been called; null where it isn't known. */
export function lookingFinding({ points }: Pick<Traffic, 'points'>, usual: number | null): string | null {
  const all = sum(points, 'predictions');
  if (all === 0) return null;
  const share = sum(points, 'will_change') / all;
  return `${finePercent(share)} of the candidates are likely to be looking${usual === null ? '' : `; on average ${finePercent(usual)} were in training`}.`;
}

export function scoresFinding(bins: readonly ScoreBin[]): string {
  const mean = (of: (bin: ScoreBin) => number | null): number =>
    bins.reduce((total, bin) => total + ((bin.from + bin.to) / 2) * (of(bin) ?? 0), 0);
  const known = bins.some(({ training }) => training !== null);
  return `The average probability is about ${percent(mean(({ observed }) => observed))}${known ? `; in training it was about ${percent(mean(({ training }) => training))}` : ''}.`;
}

export function driftFinding(cells: readonly DriftCell[]): string | null {
  if (cells.length === 0) return null;
  const last = cells.at(-1)?.day;
  const drifted = new Set(cells.filter(({ verdict }) => verdict === 'drifted').map(({ name }) => name));
  const now = cells.filter(({ verdict, day }) => verdict === 'drifted' && day === last).map(({ name }) => name);
  if (drifted.size === 0) return 'No column has drifted in this window.';
  return now.length > 0 ? `Drifted on ${last}: ${now.join(', ')}.` : `Nothing has drifted on ${last}; before: ${[...drifted].join(', ')}.`;
}

export function missingFinding(cells: readonly MissingCell[]): string | null {
  const most = cells.toSorted((one, other) => other.share - other.training - (one.share - one.training))[0];
  if (!most) return null;
  if (most.share - most.training < 0.05) return 'No column is empty much more often than in training.';
  return `${most.name} was empty in ${percent(most.share)} of the rows of ${most.day}; in training in ${percent(most.training)}.`;
}

export function expectedFinding(days: Estimates['days']): string | null {
  const last = days.findLast(({ expected }) => expected.auc !== null);
  const auc = last?.expected.auc;
  return last && auc ? `An AUC of ${interval(auc)} is expected for the files of ${last.day}.` : null;
}

export function liveFinding(version: LiveVersions['versions'][number] | undefined, card: number | undefined): string | null {
  if (!version || version.auc === null) return null;
  const measured = version.auc_interval ? interval({ value: version.auc, ...version.auc_interval }) : version.auc.toFixed(3);
  return `${version.version} has an AUC of ${measured} on ${count(version.outcomes, 'outcome')}${card === undefined ? '' : `; its card says ${card.toFixed(3)}`}.`;
}

export function calibrationFinding(version: LiveVersions['versions'][number] | undefined): string | null {
  if (!version || version.ece === null) return null;
  const chance = version.ece_chance === null ? '' : `; by chance alone it would be ${percent(version.ece_chance)}`;
  return `Probabilities were ${percent(version.ece)} off on average${chance}.`;
}

export function groupFinding(rows: readonly GroupRow[]): string | null {
  const lowest = (of: (row: GroupRow) => { value: number } | null | undefined): string | null => {
    const known = rows.flatMap((row) => of(row) ?? []).map(({ value }) => value);
    const row = rows.find((each) => of(each)?.value === Math.min(...known));
    return row ? `${Math.min(...known).toFixed(3)}, ${row.name}` : null;
  };
  const [expected, measured] = [lowest((row) => row.expected?.auc), lowest((row) => row.measured?.auc)];
  const found = [expected && `Lowest expected: ${expected}`, measured && `${expected ? 'lowest' : 'Lowest'} by outcomes: ${measured}`];
  return expected || measured ? `${found.filter(Boolean).join('; ')}.` : null;
}

export function alertsFinding(alerts: readonly Pick<Alert, 'criticality'>[]): string | null {
  if (alerts.length === 0) return null;
  const [first] = totals(alerts.map(({ criticality }) => ({ series: criticality, value: 1 })));
  const level = humanize(first?.[0] ?? '').toLowerCase();
  return alerts.length === 1 ? `One alert in this window; it is ${level}.` : `${count(alerts.length, 'alert')} in this window; most are ${level}.`;
}

export function waitingFinding(points: QueueDepths['points']): string | null {
  const longest = points.toSorted((one, other) => other.waiting - one.waiting)[0];
  if (!longest) return null;
  const dead = points.toSorted((one, other) => other.dead_letters - one.dead_letters)[0]?.dead_letters ?? 0;
  const most = longest.waiting === 0 ? 'Nothing waited' : `At most ${count(longest.waiting, 'message')} waited (${QUEUES[longest.queue].toLowerCase()}, ${localTime(longest.at)})`;
  return `${most}; ${dead === 0 ? 'there were no dead letters' : `there were up to ${count(dead, 'dead letter')}`}.`;
}

export function requestsFinding({ answered, refused, failed }: Requests['total']): string | null {
  const all = answered + refused + failed;
  if (all === 0) return null;
  return `${count(all, 'request')}; ${refused === 0 ? 'none was refused' : `${integer(refused)} ${refused === 1 ? 'was' : 'were'} refused`}, ${failed === 0 ? 'none failed' : `${integer(failed)} failed`}.`;
}

export function apiLatencyFinding({ p50, p95, p99 }: Requests['total']): string | null {
  if (p50 === null || p95 === null || p99 === null) return null;
  return `Half took at most about ${latency(p50)}, 95% about ${latency(p95)} and 99% about ${latency(p99)}.`;
}

function interval({ value, low, high }: { value: number; low: number; high: number }): string {
  return `${value.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`;
}

function totals(points: readonly { series: string; value: number }[]): [string, number][] {
  const found = new Map<string, number>();
  for (const { series, value } of points) found.set(series, (found.get(series) ?? 0) + value);
  return [...found].toSorted(([, one], [, other]) => other - one);
}

function sum<Name extends string>(points: readonly Readonly<Record<Name, number>>[], name: Name): number {
  return points.reduce((total, point) => total + point[name], 0);
}
