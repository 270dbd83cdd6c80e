import type { Contract, Criticality as Level, DriftByDay, FileRecord, Quality } from '../../api/types.ts';
import { Bar } from '../../components/Bar.tsx';
import { CriticalityPill } from '../../components/fileCells.tsx';
import { Loading } from '../../components/Notice.tsx';
import { Time } from '../../components/Time.tsx';
import { usePolled } from '../../hooks/usePolled.ts';
import { localTime } from '../../lib/dates.ts';
import { humanize, integer } from '../../lib/format.ts';
import { labelOf } from '../../lib/contract.ts';
import { type BoardProps, Problems, TruncatedNote, useLoadedAt } from './boardParts.tsx';
import { Chart } from './Chart.tsx';
import { badShareFinding, criticalityFinding, issuesFinding, latencyFinding, missingFinding, rowsFinding } from './findings.ts';
import { rangeOf } from './lookback.ts';
import {
  CRITICALITY_SERIES,
  type Series,
  badShareLimits,
  bucketNote,
  colourByName,
  colourOfShare,
  emptyText,
  issueSeries,
  issueSummary,
  missingCells,
  visible,
} from './series.ts';
import { filesOf } from './timeline.ts';
import './QualityBoard.css';

const GOOD_BAD: readonly Series[] = [
  { name: 'good', colour: 'green' },
  { name: 'bad', colour: 'red' },
];
const LATEST_FILES = 12;

export function QualityBoard({ api, contract, span, seconds, onLoaded }: BoardProps) {
  const stats = usePolled((signal) => api.qualityStats(rangeOf(span), signal), [api, span], seconds);
  const drift = usePolled((signal) => api.driftStats(rangeOf(span), signal), [api, span], seconds);
  const files = usePolled((signal) => api.files({}, null, signal), [api], seconds);
  useLoadedAt(stats.loadedAt, onLoaded);
  return (
    <>
      <Problems of={[stats, drift, files]} />
      {!stats.value && !stats.problem && <Loading what="the board" />}
      {stats.value && (
        <div class="board">
          {stats.value.cut && <TruncatedNote />}
          <Totals contract={contract} stats={stats.value} />
          <RowsOverTime stats={stats.value} />
          <BadShare contract={contract} stats={stats.value} />
          <IssuesOverTime stats={stats.value} />
          <Latency stats={stats.value} />
          <Criticality stats={stats.value} />
          <LatestIssues files={files.value?.items ?? []} />
          {drift.value && <Missing days={drift.value.days} contract={contract} />}
        </div>
      )}
    </>
  );
}

interface StatsProps {
  stats: Quality;
}

function Totals({ contract, stats: { points } }: StatsProps & { contract: Contract }) {
  const sum = (name: 'files' | 'total' | 'bad' | 'repaired' | 'recovered'): number =>
    points.reduce((all, point) => all + point[name], 0);
  const share = sum('total') > 0 ? sum('bad') / sum('total') : null;
  return (
    <dl class="card figures chart-wide">
      <Total name="Files" value={integer(sum('files'))} />
      <Total name="Rows in" value={integer(sum('total'))} />
      <Total
        name="Bad rows"
        value={share === null ? '–' : `${(share * 100).toFixed(1)}%`}
        colour={share === null ? 'slate' : colourOfShare(share, badShareLimits(contract))}
      />
      <Total name="Repaired" value={integer(sum('repaired'))} />
      <Total name="Corrected" value={integer(sum('recovered'))} />
    </dl>
  );
}

function Total({ name, value, colour }: { name: string; value: string; colour?: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd class={colour ? `total text-${colour}` : 'total'}>{value}</dd>
    </div>
  );
}

function RowsOverTime({ stats }: StatsProps) {
  const points = stats.points.flatMap(({ at, good, bad }) => [
    { at, series: 'good', value: good },
    { at, series: 'bad', value: bad },
  ]);
  return (
    <Chart
      title="Rows ingested"
      finding={rowsFinding(stats)}
      note={bucketNote(stats.bucket_seconds)}
      legend={GOOD_BAD}
      empty={emptyText(stats.points)}
      draw={(plots, width, { hidden, marks }) =>
        plots.stackedBars(width, { ...stats, marks }, visible(points, hidden), colourByName(GOOD_BAD))
      }
      inputs={[stats]}
      {...filesAt(stats, stats.points)}
      heads={['From', 'Files', 'Rows', 'Good', 'Bad']}
      records={stats.points.map(({ at, files, total, good, bad }) => [localTime(at), files, total, good, bad])}
    />
  );
}

function BadShare({ contract, stats }: StatsProps & { contract: Contract }) {
  const limits = badShareLimits(contract);
  const points = stats.points
    .filter(({ total }) => total > 0)
    .map(({ at, bad, total }) => ({ at, share: bad / total }));
  return (
    <Chart
      title="Share of bad rows"
      finding={badShareFinding(points, limits)}
      empty={emptyText(points)}
      draw={(plots, width, { marks }) =>
        plots.shares(width, { ...stats, marks }, points, { limits, colour: 'green', what: 'bad' })
      }
      inputs={[stats]}
      {...filesAt(stats, points)}
      heads={['From', 'Share of bad rows, %']}
      records={points.map(({ at, share }) => [localTime(at), Number((share * 100).toFixed(2))])}
    />
  );
}

function IssuesOverTime({ stats }: StatsProps) {
  const { legend, points } = issueSeries(stats);
  return (
    <Chart
      title="Issues by type"
      finding={issuesFinding(points)}
      note={bucketNote(stats.bucket_seconds)}
      legend={legend}
      empty={stats.issues.length === 0 ? 'No issues in this window.' : null}
      draw={(plots, width, { hidden, marks }) =>
        plots.stackedBars(width, { ...stats, marks }, visible(points, hidden), colourByName(legend))
      }
      inputs={[stats]}
      {...filesAt(stats, stats.issues)}
      heads={['From', 'Issue', 'Rows']}
      records={stats.issues.map(({ at, type, rows }) => [localTime(at), humanize(type), rows])}
    />
  );
}

function Latency({ stats }: StatsProps) {
  return (
    <Chart
      title="Time from drop to scored"
      finding={latencyFinding(stats.latency)}
      note="One dot per file, at the time it was dropped."
      empty={emptyText(stats.latency)}
      draw={(plots, width, { marks }) => plots.latencies(width, { ...stats, marks }, stats.latency)}
      inputs={[stats]}
      over={{ instants: stats.latency.map(({ at }) => at), seconds: 0 }}
      links={stats.latency.map(({ file_id }) => `#files/${file_id}`)}
      heads={['At', 'File', 'Seconds']}
      records={stats.latency.map(({ at, name, seconds }) => [localTime(at), name, seconds])}
    />
  );
}

function Criticality({ stats: { criticality } }: StatsProps) {
  const most = Math.max(1, ...Object.values(criticality));
  return (
    <section class="card chart" aria-labelledby="criticality-title">
      <h2 id="criticality-title">Files by criticality</h2>
      <p class="finding">{criticalityFinding(criticality)}</p>
      <ul class="criticalities">
        {CRITICALITY_SERIES.map(({ name, colour }) => (
          <li key={name}>
            <CriticalityPill of={name.toLowerCase() as Level} />
            <Bar share={(criticality[name.toLowerCase()] ?? 0) / most} fill={`fill-${colour}`} />
            <span class="numeric">{integer(criticality[name.toLowerCase()] ?? 0)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Missing({ days, contract }: { days: DriftByDay['days']; contract: Contract }) {
  const cells = missingCells(days, (name) => labelOf(contract, name));
  return (
    <Chart
      title="Missing values by column"
      finding={missingFinding(cells)}
      note="The share of each day's good rows (UTC) in which the column is empty; the darker, the more."
      empty={emptyText(cells)}
      draw={(plots, width) => plots.heatMap(width, cells)}
      inputs={[days]}
      heads={['Day', 'Column', 'Rows', 'Empty, %', 'In training, %']}
      records={cells.map(({ day, name, rows, share, training }) => [day, name, rows, percentage(share), percentage(training)])}
      links={cells.map(({ day }) => filesOf(`${day}T00:00:00Z`, 86_400))}
      wide
    />
  );
}

function percentage(share: number): number {
  return Number((share * 100).toFixed(2));
}

/** Over time, with a way to the files behind each of some points. */
function filesAt({ bucket_seconds: seconds }: Quality, points: readonly { at: string }[]) {
  return {
    over: { instants: points.map(({ at }) => at), seconds },
    links: points.map(({ at }) => filesOf(at, seconds)),
  };
}

function LatestIssues({ files }: { files: readonly FileRecord[] }) {
  const latest = files.filter(({ reason, issues }) => reason !== null || issues.length > 0).slice(0, LATEST_FILES);
  return (
    <section class="card chart" aria-labelledby="latest-title">
      <h2 id="latest-title">Latest issues</h2>
      {latest.length === 0 ? (
        <p class="chart-empty">No issues in the latest files.</p>
      ) : (
        <ul class="latest">
          {latest.map((file) => (
            <li key={file.file_id}>
              <span class="latest-head">
                <a href={`#files/${file.file_id}`}>{file.name}</a>
                <CriticalityPill of={file.criticality} />
                <span class="muted small">
                  <Time at={file.uploaded_at} />
                </span>
              </span>
              <span class="small">{file.reason ?? issueSummary(file)}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
