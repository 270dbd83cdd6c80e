import type { Contribution, Prediction } from '../api/types.ts';

/** Why a probability is what it is: the way to it from the average candidate's. */
export interface Explanation {
  average: number;
  probability: number;
  /** The share of the training's candidates with a lower probability; null where it isn't known. */
  above: number | null;
  contributions: readonly {
    feature: string;
    value: Contribution['value'];
    log_odds: number;
    /** In probability: together with the average they add up to the probability. */
    points: number;
  }[];
}

/** A prediction's explanation; null where it wasn't asked for. */
export function explanationOf({ probability, explanation = [], average, above }: Prediction): Explanation | null {
  if (explanation.length === 0 || average === null || average === undefined) return null;
  return {
    average,
    probability,
    above: above ?? null,
    contributions: explanation.map(({ feature, value, contribution, points }) => ({
      feature,
      value,
      log_odds: contribution,
      points,
    })),
  };
}

/** One feature's step of the way, between two probabilities. */
export type Step = Explanation['contributions'][number] & { from: number; to: number };

/** Below this probability a step isn't seen. */
const SEEN = 0.0005;

/** The steps that are seen, in their order, and how many others there are. */
export function waterfall({ average, contributions }: Explanation): { steps: Step[]; without: number } {
  let to = average;
  const steps = contributions.map((each): Step => {
    const from = to;
    to += each.points;
    return { ...each, from, to };
  });
  const seen = steps.filter(({ points }) => Math.abs(points) >= SEEN);
  return { steps: seen, without: steps.length - seen.length };
}
