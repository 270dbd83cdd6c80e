import type { Requests } from '../../api/types.ts';
import { localTime } from '../../lib/dates.ts';
import { latency } from '../../lib/format.ts';
import { Chart } from './Chart.tsx';
import { apiLatencyFinding, requestsFinding } from './findings.ts';
import { bucketNote, colourByName, emptyText, visible } from './series.ts';

interface Props {
  stats: Requests;
}

const ENDINGS = [
  { key: 'answered', name: 'answered', colour: 'slate' },
  { key: 'refused', name: 'refused (4xx)', colour: 'orange' },
  { key: 'failed', name: 'failed (5xx)', colour: 'red' },
] as const;

/** How the API's requests ended. */
export function ApiRequests({ stats }: Props) {
  const points = stats.points.flatMap((point) => ENDINGS.map(({ key, name }) => ({ at: point.at, series: name, value: point[key] })));
  return (
    <Chart
      title="API requests"
      finding={requestsFinding(stats.total)}
      note={`${bucketNote(stats.bucket_seconds)} Not counted: what the gateway itself refuses, and the operators’ routes.`}
      legend={ENDINGS}
      empty={emptyText(points)}
      draw={(plots, width, { hidden, marks }) =>
        plots.stackedBars(width, { ...stats, marks }, visible(points, hidden), colourByName(ENDINGS))
      }
      inputs={[stats]}
      heads={['From', 'Answered', 'Refused', 'Failed']}
      records={stats.points.map(({ at, answered, refused, failed }) => [localTime(at), answered, refused, failed])}
      over={{ instants: stats.points.map(({ at }) => at), seconds: stats.bucket_seconds }}
    />
  );
}

const QUANTILES = [
  { key: 'p50', name: 'p50', colour: 'teal' },
  { key: 'p95', name: 'p95', colour: 'blue' },
  { key: 'p99', name: 'p99', colour: 'violet' },
] as const;

/** How long those took that weren't refused. */
export function ApiLatency({ stats }: Props) {
  const known = stats.points.filter(({ p50 }) => p50 !== null);
  const points = known.flatMap((point) =>
    QUANTILES.flatMap(({ key, name }) => {
      const value = point[key];
      return value === null ? [] : [{ at: point.at, series: name, value }];
    }),
  );
  const limit = { from: stats.limit, colour: 'red' as const, name: `${latency(stats.limit)}: ended by the gateway` };
  return (
    <Chart
      title="API latency"
      finding={apiLatencyFinding(stats.total)}
      note="Of requests that weren't refused, without gateway and cold start; estimated from bins that double, so within a factor of two."
      legend={QUANTILES}
      empty={emptyText(points)}
      draw={(plots, width, { hidden, marks }) =>
        plots.quantiles(width, { ...stats, marks }, visible(points, hidden), colourByName(QUANTILES), limit)
      }
      inputs={[stats]}
      heads={['From', 'p50, ms', 'p95, ms', 'p99, ms']}
      records={known.map(({ at, p50, p95, p99 }) => [localTime(at), ...[p50, p95, p99].map(milliseconds)])}
      over={{ instants: known.map(({ at }) => at), seconds: stats.bucket_seconds }}
    />
  );
}

function milliseconds(seconds: number | null): number | string {
  return seconds === null ? '–' : Math.round(seconds * 1000);
}
