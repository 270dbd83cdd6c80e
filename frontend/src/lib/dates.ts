/** Days are in the user's time zone (`yyyy-mm-dd`), times are the API's (RFC 3339 UTC). */

export interface Period {
  /** The first day, included. */
  from: string;
  /** The last day, included. */
  to: string;
}

/** The last `days` days, today included. */
export function lastDays(days: number): Period {
  const now = new Date();
  return { from: dayOf(new Date(now.getFullYear(), now.getMonth(), now.getDate() - days + 1)), to: dayOf(now) };
}

/** The period as the API takes it: `start` inclusive, `end` exclusive; null if a day is missing or they are reversed. */
export function bounds({ from, to }: Period): { start: string; end: string } | null {
  if (from === '' || to === '' || from > to) return null;
  return { start: midnight(from, 0), end: midnight(to, 1) };
}

/** The last instant of a day, as the API takes it; of today, now. */
export function endOf(day: string): string {
  return new Date(Math.min(Date.parse(midnight(day, 1)) - 1000, Date.now())).toISOString();
}

const LOCAL = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** A time in the user's zone and language. */
export function localTime(time: string): string {
  return LOCAL.format(new Date(time));
}

/** A time in UTC, to the second. */
export function utcTime(time: string): string {
  return `${new Date(time).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** The day of a moment in the user's time zone. */
export function dayOf(date: Date): string {
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, '0')).join('-');
}

function midnight(day: string, daysLater: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(year, month - 1, date + daysLater).toISOString();
}
