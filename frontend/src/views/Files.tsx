import type { Api } from '../api.ts';
import { DataTable, type TableColumn } from '../components/DataTable.tsx';
import { MoreRows } from '../components/MoreRows.tsx';
import { Empty } from '../components/Notice.tsx';
import { Time } from '../components/Time.tsx';
import { usePages } from '../loading.ts';
import type { FileRecord } from '../shapes.ts';
import { count } from '../wording.ts';

const STATUSES: Record<string, string> = {
  VALIDATING: 'Being checked',
  VALIDATED: 'Waiting to be scored',
  SCORED: 'Scored',
  REJECTED: 'Rejected',
};

const CRITICALITIES = { ok: 'OK', minor: 'Minor', major: 'Major', critical: 'Critical' };

export function Files({ api }: { api: Api }) {
  const pages = usePages(api.files, [api]);
  return (
    <>
      <h1>Files</h1>
      <p class="lead">Every file that was dropped into the data lake, how good it was, and whether it has been scored.</p>
      {pages.items.length > 0 && (
        <DataTable caption="Files" columns={COLUMNS} rows={pages.items} rowKey={({ file_id }) => file_id} />
      )}
      <MoreRows pages={pages} what="file">
        <Empty title="No files yet">A CSV file dropped into the raw/ folder of the data lake appears here.</Empty>
      </MoreRows>
    </>
  );
}

const COLUMNS: TableColumn<FileRecord>[] = [
  { key: 'name', label: 'File', cell: ({ name }) => <span class="file-name">{name}</span> },
  { key: 'criticality', label: 'Criticality', cell: ({ criticality }) => <Criticality of={criticality} /> },
  { key: 'rows', label: 'Rows', cell: ({ rows }) => <Rows of={rows} /> },
  { key: 'status', label: 'Status', cell: (file) => <Status file={file} /> },
  { key: 'uploaded_at', label: 'Dropped', cell: ({ uploaded_at }) => <Time at={uploaded_at} /> },
  { key: 'issues', label: 'Issues', cell: (file) => <Issues of={file} /> },
];

function Status({ file: { status, predicted_at } }: { file: FileRecord }) {
  return (
    <>
      {STATUSES[status] ?? status}
      {predicted_at && (
        <span class="below">
          <Time at={predicted_at} />
        </span>
      )}
    </>
  );
}

function Criticality({ of }: { of: FileRecord['criticality'] }) {
  return of ? <span class={`pill ${of}`}>{CRITICALITIES[of]}</span> : <span class="missing">–</span>;
}

function Rows({ of: rows }: { of: FileRecord['rows'] }) {
  if (rows.total === 0) return <span class="missing">–</span>;
  return (
    <span class="rows">
      <span>
        <span class="figure">{rows.good.toLocaleString('en')} good,</span>{' '}
        <span class="figure">{rows.bad.toLocaleString('en')} bad</span>
      </span>
      <svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
        <rect class="bar-bad" width="100" height="8" />
        <rect class="bar-good" width={(100 * rows.good) / rows.total} height="8" />
      </svg>
    </span>
  );
}

function Issues({ of: { validated_at, reason, issues } }: { of: FileRecord }) {
  if (validated_at === null) return <span class="missing">–</span>;
  if (reason) return <p class="reasons">{reason}</p>;
  if (issues.length === 0) return <span class="missing">none</span>;
  return (
    <details>
      <summary>
        {count(issues.length, 'issue')}
      </summary>
      <ul class="reasons">
        {issues.map(({ type, column, rows }) => (
          <li key={`${type} ${column}`}>
            {type.replaceAll('_', ' ')}
            {column !== null && (
              <>
                {' in '}
                <code>{column}</code>
              </>
            )}
            {rows > 0 && `: ${count(rows, 'row')}`}
          </li>
        ))}
      </ul>
    </details>
  );
}
