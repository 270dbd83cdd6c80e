import { localTime, utcTime } from '../lib/dates.ts';

/** A time in the user's time zone, with UTC on hover. */
export function Time({ at }: { at: string }) {
  return (
    <time dateTime={at} title={utcTime(at)}>
      {localTime(at)}
    </time>
  );
}
