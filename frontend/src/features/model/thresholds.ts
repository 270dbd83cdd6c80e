/** What a threshold would do, and the rule that leads to it. Thresholds and shares are in [0, 1]. */

import type { OperatingPoints, ThresholdRule } from '../../api/types.ts';

/** Candidates at one threshold; of those `called`, so many are looking (`right`). */
export interface Consequences {
  rows: number;
  looking: number;
  called: number;
  right: number;
}

type Counted = Pick<OperatingPoints['everybody'], 'rows' | 'looking' | 'called' | 'right'>;

/** What a threshold does; between two that were counted, in proportion. */
export function consequences({ rows, looking, called, right }: Counted, threshold: number): Consequences {
  return { rows, looking, called: between(called, threshold), right: between(right, threshold) };
}

/** "…of 1,000 candidates": a number of them in proportion. */
export function ofThousand(number: number, rows: number): number {
  return rows === 0 ? 0 : Math.round((1000 * number) / rows);
}

export function shareOf(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

/** The share of all candidates that a threshold calls. */
export function shareCalled({ everybody }: OperatingPoints, threshold: number): number {
  return between(everybody.called, threshold) / everybody.rows;
}

/** The threshold that calls this share of all candidates. */
export function thresholdCalling({ thresholds, everybody }: OperatingPoints, share: number): number {
  const wanted = share * everybody.rows;
  const at = everybody.called.findIndex((called) => called <= wanted);
  if (at <= 0) return at === 0 ? 0 : 1;
  const [above = 0, below = 0] = everybody.called.slice(at - 1, at + 1);
  const [low = 0, high = 1] = thresholds.slice(at - 1, at + 1);
  return above === below ? high : low + ((above - wanted) / (above - below)) * (high - low);
}

/** The share of those looking who are among the `share` called first: a point of the gain chart. */
export function gain(points: OperatingPoints, share: number): number {
  const { looking, right } = points.everybody;
  return looking === 0 ? 0 : between(right, thresholdCalling(points, share)) / looking;
}

/** The rule as it is being typed, and the threshold that comes of it. */
export interface Declaration {
  kind: ThresholdRule['kind'];
  /** How many false alarms a miss is as bad as. */
  missed: string;
  /** How many of how many candidates can be called. */
  callable: string;
  of: string;
  threshold: number;
}

/** The declaration of a rule that is in force. */
export function declared(points: OperatingPoints, rule: ThresholdRule | null, threshold: number): Declaration {
  const start: Declaration = { kind: rule?.kind ?? 'cost', missed: '', callable: '', of: '1000', threshold };
  const moved = moveTo(points, start, threshold);
  if (rule?.kind === 'cost') return { ...moved, missed: String(rule.value) };
  return rule ? { ...moved, callable: String(Number((rule.value * 1000).toPrecision(4))) } : moved;
}

/** Move the threshold: both rules follow. */
export function moveTo(points: OperatingPoints, declaration: Declaration, threshold: number): Declaration {
  const missed = threshold === 0 ? 1000 : Math.min(1000, Math.max(0.001, (1 - threshold) / threshold));
  const of = positive(declaration.of) ?? 1000;
  const callable = Math.round(of * shareCalled(points, threshold));
  return { ...declaration, missed: String(Number(missed.toPrecision(3))), callable: String(callable), of: String(of), threshold };
}

/** Type another rule: the threshold follows, if the rule can be meant. */
export function typed(points: OperatingPoints, declaration: Declaration, change: Partial<Declaration>): Declaration {
  const changed = { ...declaration, ...change };
  const request = ruleOf(changed);
  if (request === null) return changed;
  const threshold =
    request.missed === undefined ? thresholdCalling(points, request.capacity) : 1 / (1 + request.missed);
  return { ...changed, threshold };
}

/** The rule as the API takes it; null where it can't be meant. */
export function ruleOf({ kind, missed, callable, of }: Declaration): { missed: number } | { capacity: number; missed?: never } | null {
  if (kind === 'cost') {
    const value = positive(missed);
    return value !== null && value >= 0.001 && value <= 1000 ? { missed: value } : null;
  }
  const [some, all] = [positive(callable), positive(of)];
  if (some === null || all === null) return null;
  const capacity = some / all;
  return capacity >= 0.001 && capacity <= 1 ? { capacity } : null;
}

function positive(text: string): number | null {
  const number = Number(text.replaceAll(',', ''));
  return text.trim() !== '' && Number.isFinite(number) && number > 0 ? number : null;
}

/** A count at a threshold, by those at each hundredth. */
function between(counts: readonly number[], threshold: number): number {
  const place = Math.min(Math.max(threshold, 0), 1) * (counts.length - 1);
  const below = Math.min(Math.floor(place), counts.length - 2);
  const [low = 0, high = 0] = counts.slice(below, below + 2);
  return low + (place - below) * (high - low);
}
