import type { Contract, FileRecord, Quality } from '../../api/types.ts';
import { Bar } from '../../components/Bar.tsx';
import { CriticalityPill } from '../../components/fileCells.tsx';
import { Loading } from '../../components/Notice.tsx';
import { Time } from '../../components/Time.tsx';
import { usePolled } from '../../hooks/usePolled.ts';
import { localTime } from '../../lib/dates.ts';
import { humanize, integer, percent } from '../../lib/format.ts';
import { type BoardProps, Problems, TruncatedNote, useLoadedAt } from './boardParts.tsx';
import { Chart } from './Chart.tsx';
import { rangeOf } from './lookback.ts';
import {
  type Series,
  badShareLimits,
  bucketNote,
  colourByName,
  colourOfShare,
  emptyText,
  issueSeries,
  issueSummary,
} from './series.ts';
import './QualityBoard.css';

const GOOD_BAD: readonly Series[] = [
  { name: 'good', colour: 'green' },
  { name: 'bad', colour: 'red' },
];
const LATEST_FILES = 12;

export function QualityBoard({ api, contract, lookback, seconds, onLoaded }: BoardProps) {
  const stats = usePolled((signal) => api.qualityStats(rangeOf(lookback), signal), [api, lookback], seconds);
  const files = usePolled((signal) => api.files(null, signal), [api], seconds);
  useLoadedAt(stats.loadedAt, onLoaded);
  return (
    <>
      <Problems of={[stats, files]} />
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
      note={bucketNote(stats.bucket_seconds)}
      legend={GOOD_BAD}
      empty={emptyText(stats.points)}
      draw={(plots, width) => plots.stackedBars(width, stats, points, colourByName(GOOD_BAD))}
      inputs={[stats]}
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
      note={humanize(limits.map(({ from, colour }) => `${colour} from ${percent(from)}`).join(', '))}
      empty={emptyText(points)}
      draw={(plots, width) =>
        plots.shares(width, stats, points, limits.map(({ from, colour }) => ({ from, colour: `var(--${colour})` })))
      }
      inputs={[stats]}
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
      note={bucketNote(stats.bucket_seconds)}
      legend={legend}
      empty={stats.issues.length === 0 ? 'No issues in this window.' : null}
      draw={(plots, width) => plots.stackedBars(width, stats, points, colourByName(legend))}
      inputs={[stats]}
      heads={['From', 'Issue', 'Rows']}
      records={stats.issues.map(({ at, type, rows }) => [localTime(at), humanize(type), rows])}
    />
  );
}

function Latency({ stats }: StatsProps) {
  return (
    <Chart
      title="Time from drop to scored"
      note="One dot per file, at the time it was scored."
      empty={emptyText(stats.latency)}
      draw={(plots, width) => plots.latencies(width, stats, stats.latency)}
      inputs={[stats]}
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
      <ul class="criticalities">
        {Object.entries(criticality).map(([colour, files]) => (
          <li key={colour}>
            <span>{humanize(colour)}</span>
            <Bar share={files / most} fill={`fill-${colour}`} />
            <span class="numeric">{integer(files)}</span>
          </li>
        ))}
      </ul>
      <p class="muted small">Green: ok. Orange: minor or major. Red: critical.</p>
    </section>
  );
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
