import { useMemo } from 'preact/hooks';
import type { Api } from '../../api/client.ts';
import type { Run } from '../../api/types.ts';
import { DataTable, type TableColumn } from '../../components/DataTable.tsx';
import { MoreRows, loadMoreAtEnd } from '../../components/MoreRows.tsx';
import { Empty } from '../../components/Notice.tsx';
import { Pill, type PillKind } from '../../components/Pill.tsx';
import { Time } from '../../components/Time.tsx';
import { useInterval } from '../../hooks/useInterval.ts';
import { usePages } from '../../hooks/usePages.ts';
import { localTime } from '../../lib/dates.ts';
import { duration, humanize, integer } from '../../lib/format.ts';
import { type FoldedRun, foldedRuns } from './foldedRuns.ts';

/** What the system did, by schedule or for an operator, and what it skipped because there was nothing to do. */
export function Runs({ api }: { api: Api }) {
  const pages = usePages(api.runs, [api], ({ id }) => id);
  useInterval(pages.refresh, REFRESH_SECONDS);
  const runs = useMemo(() => foldedRuns(pages.items), [pages.items]);
  return (
    <section class="section" aria-labelledby="runs-title">
      <h2 id="runs-title">Runs</h2>
      <p class="muted">
        What was scored, trained or asked for by an operator. Runs that found nothing new are shown as one.
      </p>
      {pages.items.length > 0 && (
        <DataTable caption="Runs" columns={COLUMNS} rows={runs} rowKey={({ id }) => id} onEnd={loadMoreAtEnd(pages)} />
      )}
      <MoreRows pages={pages} noun="run">
        <Empty title="No runs yet">The first one is recorded within two minutes of the start.</Empty>
      </MoreRows>
    </section>
  );
}

const REFRESH_SECONDS = 15;

const STATUS_PILLS: Record<Run['status'], PillKind> = { SUCCEEDED: 'ok', SKIPPED: 'unlikely', FAILED: 'critical' };

const COLUMNS: TableColumn<FoldedRun>[] = [
  { key: 'started_at', label: 'Started', cell: ({ started_at }) => <Time at={started_at} /> },
  { key: 'kind', label: 'Kind', cell: ({ kind }) => humanize(kind) },
  { key: 'status', label: 'Status', cell: ({ status }) => <Pill kind={STATUS_PILLS[status]}>{humanize(status)}</Pill> },
  { key: 'seconds', label: 'Took', numeric: true, cell: ({ seconds }) => duration(seconds) },
  {
    key: 'counts',
    label: 'Counts',
    cell: ({ counts }) =>
      Object.entries(counts)
        .map(([name, number]) => `${humanize(name).toLowerCase()} ${integer(number)}`)
        .join(', '),
  },
  {
    key: 'reason',
    label: 'Why',
    cell: ({ reason, times, since }) =>
      reason ? (
        <p class="reasons">
          {/^[a-z_]+$/.test(reason) ? humanize(reason) : reason}
          {times > 1 && `, ${integer(times)} times since ${localTime(since)}`}
        </p>
      ) : (
        <span class="missing">–</span>
      ),
  },
];
