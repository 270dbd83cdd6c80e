import type { Contract, FileNote, Prediction } from '../../api/types.ts';
import { CITY, CITY_INDEX, shownValue } from '../../lib/contract.ts';

/** What is odd about a candidate, with the values that it is about where they are known; or else in the API's words. */
export function noteText(contract: Contract, { features }: Pick<Prediction, 'features'>, note: FileNote): string {
  const [city, given] = [features[CITY], features[CITY_INDEX]];
  const known = contract.cities[String(city)];
  if (note.column !== CITY_INDEX || !city || given === null || known === undefined) return note.message;
  const name = shownValue(contract, CITY, city);
  return `The development index of ${name} is ${known}, but this candidate has ${given}. The score is for ${given}: check which is right.`;
}
