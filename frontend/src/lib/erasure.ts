import { count } from './format.ts';

/** What each number of a receipt counts. */
const ERASED: Record<string, (number: number) => string> = {
  predictions: (number) => count(number, 'prediction'),
  outcomes: (number) => count(number, 'reported outcome'),
  raw: (number) => `${count(number, 'row')} in dropped files`,
  good: (number) => `${count(number, 'good row')} of files`,
  bad: (number) => `${count(number, 'bad row')} of files`,
  scored: (number) => `${count(number, 'row')} in ranked lists`,
  reports: (number) => `${count(number, 'example')} in reports`,
  training: (number) => count(number, 'training row'),
};

/** What was erased, a text each, in the order of the receipt; empty where nothing was. */
export function erasedTexts(erased: Readonly<Record<string, number>>): string[] {
  return Object.entries(erased).flatMap(([place, number]) =>
    number === 0 ? [] : [ERASED[place]?.(number) ?? `${place.replaceAll('_', ' ')}: ${number}`],
  );
}
