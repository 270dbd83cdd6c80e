import type { Criticality, Queue, State } from '../api/types.ts';
import { count, duration } from './format.ts';

/** One thing to know of the system, and where to look. */
export interface StateItem {
  text: string;
  /** How bad it is; null where it is only said. */
  criticality: Criticality | null;
  /** A fragment; null where there is nothing more to see. */
  href: string | null;
}

export const QUEUES: Record<Queue, string> = {
  ingest: 'Files to check',
  score: 'Parts to score',
  data_request: 'Erasures and replays',
};

const SYSTEM = '#monitoring/system';
/** The watch looks every five minutes; scoring runs every two. */
const LATE_SECONDS = { watch: 15 * 60, run: 15 * 60 };

/** The state of the system in some items, what is wrong first. */
export function stateItems(state: State, now: Date): StateItem[] {
  const { open_alerts, unacknowledged, worst, queues, watched_at, run_at, run_failed, file_at } = state;
  const dead = sum(queues?.map(({ dead_letters }) => dead_letters));
  const waiting = sum(queues?.map(({ waiting }) => waiting));
  const seen = unacknowledged === 0 ? ', acknowledged' : '';
  const alerts: StateItem =
    open_alerts > 0
      ? { text: `${open_alerts >= 100 ? 'At least 100 alerts' : count(open_alerts, 'alert')} open${seen}`, criticality: worst, href: SYSTEM }
      : { text: 'No open alerts', criticality: 'ok', href: SYSTEM };
  return [
    alerts,
    ...(dead > 0 ? [{ text: count(dead, 'dead letter'), criticality: 'critical' as const, href: '#model' }] : []),
    ...(queues ? [{ text: waiting === 0 ? 'Nothing waits' : `${count(waiting, 'message')} waiting`, criticality: null, href: SYSTEM }] : []),
    since('Watch', watched_at, now, LATE_SECONDS.watch),
    run_failed && run_at
      ? { text: `Last run failed, ${ago(run_at, now)}`, criticality: 'major', href: '#files' }
      : { ...since('Last run', run_at, now, LATE_SECONDS.run), href: '#files' },
    { text: file_at ? `Newest file ${ago(file_at, now)}` : 'No files yet', criticality: null, href: '#files' },
  ];
}

/** "12 min ago" */
export function ago(at: string, now: Date): string {
  const seconds = (now.getTime() - new Date(at).getTime()) / 1000;
  if (seconds < 60) return 'just now';
  if (seconds < 120) return '1 min ago';
  return seconds < 2 * 86_400 ? `${duration(seconds)} ago` : `${Math.floor(seconds / 86_400)} days ago`;
}

/** When something last happened; late after so many seconds. */
function since(what: string, at: string | null, now: Date, late: number): StateItem {
  if (at === null) return { text: `${what} not yet`, criticality: null, href: SYSTEM };
  const isLate = now.getTime() - new Date(at).getTime() > late * 1000;
  return { text: `${what} ${ago(at, now)}`, criticality: isLate ? 'major' : null, href: SYSTEM };
}

function sum(numbers: readonly number[] = []): number {
  return numbers.reduce((total, number) => total + number, 0);
}
