import type { Source } from '../api/types.ts';

/** Numbers and names as texts. Probabilities are in [0, 1]. */

export const SOURCES: Record<Source, string> = { webapp: 'This page', scheduled: 'Scheduled', api: 'API' };

export function percent(probability: number): string {
  return `${Math.round(probability * 100)}%`;
}

/** "25.6%": for a limit that whole percentages lie on both sides of. */
export function finePercent(probability: number): string {
  return `${(probability * 100).toFixed(1)}%`;
}

/** "1 row", "1,200 rows". */
export function count(number: number, noun: string): string {
  return `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`;
}

/** "1 KB", "312 KB", "1.6 MB": rounded up below a megabyte, so that nothing but an empty file has 0 KB. */
export function size(bytes: number): string {
  if (bytes < 2 ** 20) return `${Math.ceil(bytes / 2 ** 10).toLocaleString('en')} KB`;
  return `${(bytes / 2 ** 20).toLocaleString('en', { maximumFractionDigits: 1 })} MB`;
}

/** "+0.42", "−1.30": with a real minus sign. */
export function signed(number: number, digits = 2): string {
  const text = Math.abs(number).toFixed(digits);
  if (Number(text) === 0) return text;
  return number < 0 ? `−${text}` : `+${text}`;
}

/** "2 points more than the 54% before": the change of a probability, as the rounded values show it. */
export function change(probability: number, before: number): string {
  const points = Math.round(probability * 100) - Math.round(before * 100);
  if (points === 0) return `Still ${percent(before)}`;
  return `${count(Math.abs(points), 'point')} ${points > 0 ? 'more' : 'less'} than the ${percent(before)} before`;
}

/** "0.9 s", "45 s", "3 min", "2 h". */
export function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3600)} h`;
}

/** "12 ms", "1.2 s": of an answer. */
export function latency(seconds: number): string {
  return seconds < 1 ? `${Math.round(seconds * 1000)} ms` : duration(seconds);
}

export function integer(number: number): string {
  return number.toLocaleString('en');
}

export function capitalized(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** An identifier (`unknown_category`, `SKIPPED`) as words: "Unknown category", "Skipped". */
export function humanize(name: string): string {
  return capitalized(name.toLowerCase().replaceAll('_', ' '));
}
