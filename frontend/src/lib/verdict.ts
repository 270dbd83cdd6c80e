import { finePercent, percent } from './format.ts';

/** What a model's probabilities are compared with; null where it isn't known of that version. */
export interface Scale {
  /** The share of the training's candidates who were looking. */
  average: number | null;
  /** The probability from which a candidate counts as looking. */
  threshold: number | null;
}

export const UNKNOWN_SCALE: Scale = { average: null, threshold: null };

/**
 * "1.6 times the average (25%), above your threshold (26%)": what a probability means beside the others'. Whether it
 * reaches the threshold the API decides (`willChange`), not the page. `above` is the share of the training's candidates
 * with a lower probability.
 */
export function standing(
  probability: number,
  willChange: boolean,
  { average, threshold }: Scale,
  above: number | null = null,
): string {
  const side = willChange ? 'above' : 'below';
  return [
    average === null ? '' : againstAverage(probability, average),
    above === null ? '' : `higher than ${percent(above)} of candidates`,
    threshold === null ? `${side} the threshold` : `${side} your threshold (${apart(threshold, probability)})`,
  ]
    .filter(Boolean)
    .join(', ');
}

function againstAverage(probability: number, average: number): string {
  const times = (probability / average).toFixed(1);
  return times === '1.0' ? `about the average (${percent(average)})` : `${times} times the average (${percent(average)})`;
}

/** A limit, with a decimal where the whole percentages would be the same. */
function apart(limit: number, probability: number): string {
  return percent(limit) === percent(probability) ? finePercent(limit) : percent(limit);
}
