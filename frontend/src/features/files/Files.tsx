import type { Api } from '../../api/client.ts';
import type { FileRecord } from '../../api/types.ts';
import { DataTable, type TableColumn } from '../../components/DataTable.tsx';
import { CriticalityPill, FileStatus, RowCounts, VerdictPill } from '../../components/fileCells.tsx';
import { FileDrop } from '../../components/FileDrop.tsx';
import { MoreRows, loadMoreAtEnd } from '../../components/MoreRows.tsx';
import { Empty, Note } from '../../components/Notice.tsx';
import { Time } from '../../components/Time.tsx';
import { UploadList } from '../../components/UploadList.tsx';
import { useInterval } from '../../hooks/useInterval.ts';
import { usePages } from '../../hooks/usePages.ts';
import type { Query } from '../../hooks/useRoute.ts';
import { type Uploads, ingested } from '../../hooks/useUploads.ts';
import { ENDINGS } from '../../lib/candidateFiles.ts';
import { localTime } from '../../lib/dates.ts';
import { count, humanize } from '../../lib/format.ts';
import { Runs } from './Runs.tsx';
import './Files.css';

const PLACE = 'files';
const REFRESH_SECONDS = 15;

/** All files; or those dropped from `start` to before `end` of the query. */
export function Files({ api, uploads, query }: { api: Api; uploads: Uploads; query: Query }) {
  const { start, end } = query;
  const range = { ...(start ? { start } : {}), ...(end ? { end } : {}) };
  const pages = usePages(
    (cursor, signal) => api.files(range, cursor, signal),
    [api, ingested(uploads.all), start, end],
    ({ file_id }) => file_id,
  );
  useInterval(pages.refresh, REFRESH_SECONDS);
  return (
    <>
      <h1>Files</h1>
      <p class="lead">Every file that was dropped into the data lake, how good it was, and whether it has been scored.</p>
      <FileDrop
        label="Upload files"
        hint={`or drop them anywhere on this page: ${ENDINGS}, any number of rows. They are checked and scored in the background.`}
        onFiles={(files) => uploads.start(files, PLACE)}
      />
      <UploadList uploads={uploads} place={PLACE} />
      {(start || end) && (
        <Note>
          Files dropped{start && ` from ${localTime(start)}`}{end && ` to ${localTime(end)}`}. <a href="#files">Show all files</a>
        </Note>
      )}
      {pages.items.length > 0 && (
        <DataTable
          caption="Files"
          columns={COLUMNS}
          rows={pages.items}
          rowKey={({ file_id }) => file_id}
          onEnd={loadMoreAtEnd(pages)}
        />
      )}
      <MoreRows pages={pages} noun="file">
        <Empty title="No files yet">Upload one above, or copy it to the raw/ folder of the data lake.</Empty>
      </MoreRows>
      <Runs api={api} />
    </>
  );
}

const COLUMNS: TableColumn<FileRecord>[] = [
  {
    key: 'name',
    label: 'File',
    cell: ({ name, file_id }) => (
      <a class="file-name" href={`#files/${file_id}`}>
        {name}
      </a>
    ),
  },
  { key: 'criticality', label: 'Criticality', cell: ({ criticality }) => <CriticalityPill of={criticality} /> },
  { key: 'rows', label: 'Rows', cell: ({ rows }) => <RowCounts of={rows} /> },
  { key: 'drift', label: 'Drift', cell: ({ drift }) => <VerdictPill of={drift?.verdict} /> },
  { key: 'status', label: 'Status', cell: (file) => <FileStatus file={file} /> },
  { key: 'uploaded_at', label: 'Dropped', cell: ({ uploaded_at }) => <Time at={uploaded_at} /> },
  { key: 'issues', label: 'Issues', cell: (file) => <Issues of={file} /> },
];

function Issues({ of: { validated_at, reason, issues } }: { of: FileRecord }) {
  if (validated_at === null) return <span class="missing">–</span>;
  if (reason) return <p class="reasons">{reason}</p>;
  if (issues.length === 0) return <span class="missing">none</span>;
  return (
    <details>
      <summary>{count(issues.length, 'issue')}</summary>
      <ul class="reasons">
        {issues.map(({ type, column, rows, detail }) => (
          <li key={`${type} ${column}`}>
            {detail ?? humanize(type)}
            {!detail && column !== null && (
              <>
                {' in '}
                <code>{column}</code>
              </>
            )}
            {!detail && rows > 0 && `: ${count(rows, 'row')}`}
          </li>
        ))}
      </ul>
    </details>
  );
}
