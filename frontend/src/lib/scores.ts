import type { Prediction, Ranked } from '../api/types.ts';
import { integer } from './format.ts';

/** "1,234 of 20,000 candidates are looking for a change" */
export function answer(looking: number, all: number): string {
  const number = looking === 0 ? 'None' : integer(looking);
  return `${number} of ${integer(all)} ${all === 1 ? 'candidate' : 'candidates'} ${looking < 2 ? 'is' : 'are'} looking for a change`;
}

/** The number of probabilities in each tenth from 0 to 1, as the API counts them: 1 itself is in the last. */
export function tenths(probabilities: readonly number[]): number[] {
  const counts = new Array<number>(10).fill(0);
  for (const probability of probabilities) {
    const tenth = Math.min(Math.floor(probability * 10), 9);
    counts[tenth] = (counts[tenth] ?? 0) + 1;
  }
  return counts;
}

/** Predictions with their ranks, as the API ranks those of a file: the most probable first, then by row. */
export function ranked(predictions: readonly Prediction[]): Ranked[] {
  return predictions
    .toSorted((one, other) => other.probability - one.probability || Number(one.row) - Number(other.row))
    .map((prediction, place) => ({ ...prediction, rank: place + 1 }));
}
