import type { Api } from '../../api/client.ts';
import { Problem } from '../../api/problem.ts';
import type { Interval, LiveVersions, ModelVersion } from '../../api/types.ts';
import { DataTable, type TableColumn } from '../../components/DataTable.tsx';
import { Loading, ProblemNotice } from '../../components/Notice.tsx';
import { Time } from '../../components/Time.tsx';
import { VersionLink } from '../../components/VersionLink.tsx';
import { useLoaded } from '../../hooks/useLoaded.ts';
import { count } from '../../lib/format.ts';
import { metric } from './card.ts';
import { inTurn } from './inTurn.ts';
import { withInterval } from './metrics.ts';
import './AucHistory.css';

const NEWEST = 10;

interface Line {
  version: ModelVersion;
  trained: Interval | null;
  live: (Interval & { outcomes: number }) | null;
}

/** The ROC-AUC of each of the newest versions, in training and by outcomes, newest first. `versions` are their names. */
export function AucHistory({ api, versions }: { api: Api; versions: readonly string[] }) {
  const names = versions.slice(0, NEWEST);
  const loaded = useLoaded(
    async (signal) => {
      const live = await inTurn(() => api.liveStats(signal));
      const models = await Promise.all(
        names.map((name) => inTurn(() => api.modelVersion(name, signal)).catch(withoutFiles)),
      );
      return models.flatMap((version) =>
        version ? [{ version, trained: metric(version, 'roc_auc'), live: liveAuc(live, version.version) }] : [],
      );
    },
    [api, names.join()],
  );
  if (loaded.status === 'loading') return <Loading what="the versions' AUC" />;
  if (loaded.status === 'failed') return <ProblemNotice problem={loaded.problem} onRetry={loaded.retry} />;
  return <DataTable caption="AUC by version" columns={COLUMNS} rows={loaded.value} rowKey={({ version }) => version.version} />;
}

/** A version whose files aren't whole is left out: it doesn't hold up the others. */
function withoutFiles(error: unknown): null {
  if (error instanceof Problem && error.status === 503) return null;
  throw error;
}

function liveAuc({ versions }: LiveVersions, name: string): Line['live'] {
  const found = versions.find(({ version }) => version === name);
  if (!found || found.auc === null) return null;
  const { low, high } = found.auc_interval ?? { low: found.auc, high: found.auc };
  return { value: found.auc, low, high, outcomes: found.outcomes };
}

const COLUMNS: TableColumn<Line>[] = [
  { key: 'trained', label: 'Trained', cell: ({ version }) => <Time at={version.created_at} /> },
  { key: 'version', label: 'Version', cell: ({ version }) => <VersionLink version={version.version} /> },
  { key: 'auc', label: 'In training', cell: ({ trained }) => (trained ? withInterval(trained) : '–') },
  {
    key: 'live',
    label: 'By outcomes',
    cell: ({ live }) => (live ? `${withInterval(live)}, ${count(live.outcomes, 'outcome')}` : <span class="missing">none yet</span>),
  },
  {
    key: 'range',
    label: 'From 0.5 (chance) to 1',
    cell: ({ trained, live }) => (
      <svg class="auc" viewBox="0 0 100 14" aria-hidden="true">
        {[0, 50, 100].map((x) => (
          <line key={x} class="auc-grid" x1={x} x2={x} y1="0" y2="14" />
        ))}
        {trained && <Whisker of={trained} y={4} colour="auc-trained" />}
        {live && <Whisker of={live} y={10} colour="auc-live" />}
      </svg>
    ),
  },
];

function Whisker({ of: { value, low, high }, y, colour }: { of: Interval; y: number; colour: string }) {
  const x = (auc: number): number => 200 * Math.min(Math.max(auc - 0.5, 0), 0.5);
  return (
    <g class={colour}>
      <line x1={x(low)} x2={x(high)} y1={y} y2={y} />
      <circle cx={x(value)} cy={y} r="1.8" />
    </g>
  );
}
