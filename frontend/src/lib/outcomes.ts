import type { Outcome } from '../api/types.ts';

/**
 * What an outcome does for the model that is measured: it `counts`; it will, once it is no longer `waiting`; another one
 * has `superseded` it; or there was no prediction that it can speak of (`unjoined`).
 */
export type Effect = 'counts' | 'waiting' | 'superseded' | 'unjoined';

/** The effect of each of a candidate's outcomes, which are given newest first. */
export function effects(outcomes: readonly Outcome[]): Effect[] {
  const measured = new Set<string>();
  return outcomes.map(({ model_version: version, counts }) => {
    if (version === null) return 'unjoined';
    if (!counts) return 'waiting';
    if (measured.has(version)) return 'superseded';
    measured.add(version);
    return 'counts';
  });
}
