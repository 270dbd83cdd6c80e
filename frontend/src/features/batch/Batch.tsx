import { useMemo, useState } from 'preact/hooks';
import type { Api } from '../../api/client.ts';
import type { Contract, FileNote, Ranked, RefusedRow, RowIssue, ScoredFile, ScoredOrder } from '../../api/types.ts';
import { SortableTable, type TableColumn } from '../../components/DataTable.tsx';
import { FileDrop } from '../../components/FileDrop.tsx';
import { Empty, Loading, Note, ProblemNotice } from '../../components/Notice.tsx';
import { rowColumn } from '../../components/predictionColumns.tsx';
import { ScoredCandidates } from '../../components/ScoredCandidates.tsx';
import { UploadList } from '../../components/UploadList.tsx';
import { useScale } from '../../hooks/useScale.ts';
import type { Uploads } from '../../hooks/useUploads.ts';
import { ENDINGS, stem } from '../../lib/candidateFiles.ts';
import { inputColumns } from '../../lib/contract.ts';
import { formatCsv } from '../../lib/csv.ts';
import { saveText } from '../../lib/download.ts';
import { count, size } from '../../lib/format.ts';
import { answer, ranked, tenths } from '../../lib/scores.ts';
import { fileRecords, reasons, summary } from './scoredFile.ts';
import type { Batch as BatchRun, BatchFile } from './useBatch.ts';
import './Batch.css';

interface Props {
  api: Api;
  contract: Contract;
  batch: BatchRun;
  uploads: Uploads;
  /** Where the uploads are of files that couldn't be scored at once. */
  place: string;
}

export function Batch({ api, contract, batch, uploads, place }: Props) {
  const rows = count(contract.limits.candidates, 'row');
  const bytes = size(contract.limits.bytes);
  return (
    <>
      <h1>Predict a file</h1>
      <p class="lead">Score files with one candidate in each row: small files at once, larger ones in the background.</p>
      <FileDrop
        label="Choose files"
        hint={`or drop them anywhere on this page: ${ENDINGS}. Up to ${rows} and ${bytes} are scored at once; a larger file, or an .xlsx, is uploaded, checked and scored in the background.`}
        onFiles={batch.start}
      />
      <Columns contract={contract} />
      {uploads.all.some((upload) => upload.place === place) && (
        <Note>
          A file of more than {rows} or {bytes}, or an .xlsx, is scored in the background. That takes a few minutes.
        </Note>
      )}
      <UploadList uploads={uploads} place={place} />
      {batch.files.map((file) => (
        <Outcome
          key={file.id}
          api={api}
          contract={contract}
          file={file}
          kept={batch.kept.includes(file.id)}
          onRetry={() => batch.retry(file)}
        />
      ))}
    </>
  );
}

function Columns({ contract }: { contract: Contract }) {
  return (
    <details class="columns">
      <summary>Columns of the file</summary>
      <dl>
        {inputColumns(contract).map((column) => (
          <div key={column.name}>
            <dt>
              <code>{column.name}</code>
              {column.optional && <span class="field-mark"> may be empty</span>}
            </dt>
            <dd>{column.help}</dd>
          </div>
        ))}
      </dl>
      <p class="muted">Other columns, such as a name, are not stored. They come back in the download.</p>
    </details>
  );
}

/** What became of one file; everything said of it is here. */
function Outcome({ api, contract, file: { id, name, amongOthers, state }, kept, onRetry }: OutcomeProps) {
  return (
    <section class="batch-file" aria-labelledby={`batch-${id}`}>
      <div>
        <h2 id={`batch-${id}`}>{name}</h2>
        {state.status === 'done' && (
          <>
            <p role="status">{summary(state.result)}</p>
            <p class="muted small">
              {kept
                ? 'This list stays in this tab until you sign out or close it.'
                : 'This list is too long for the tab to keep: download it before you leave.'}
            </p>
          </>
        )}
      </div>
      {state.status === 'busy' && <Loading what="predictions" />}
      {state.status === 'failed' && (
        <ProblemNotice problem={state.problem} onRetry={state.problem.retryable ? onRetry : undefined} />
      )}
      {state.status === 'done' && (
        <Result api={api} contract={contract} name={name} result={state.result} folded={amongOthers} />
      )}
    </section>
  );
}

interface OutcomeProps {
  api: Api;
  contract: Contract;
  file: BatchFile;
  /** Whether the answer is still here after the page is loaded again. */
  kept: boolean;
  onRetry: () => void;
}

interface ResultProps {
  api: Api;
  contract: Contract;
  /** The file's. */
  name: string;
  result: ScoredFile;
  /** Whether the predictions are shown only when they are asked for. */
  folded: boolean;
}

/** The candidates by rank, the refused rows with their reasons, and what was seen besides. */
function Result(props: ResultProps) {
  const { predictions, refused, notes } = props.result;
  return (
    <>
      {predictions.length > 0 && <Ranking {...props} />}
      {refused.length > 0 && (
        <>
          <h3>Refused rows</h3>
          <p class="muted">
            Nothing was stored for these rows. Correct them in a file of their own and choose that file: the other rows of this one
            would be scored a second time.
          </p>
          <SortableTable caption="Refused rows" columns={REFUSED} rows={refused} rowKey={({ row }) => row} />
        </>
      )}
      {notes.length > 0 && (
        <>
          <h3>Also seen in this file</h3>
          <ul class="batch-notes">
            {notes.map((note) => (
              <li key={`${note.column} ${note.message}`}>
                <FileNoteText note={note} />
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

function Ranking({ api, contract, name, result, folded }: ResultProps) {
  const [open, setOpen] = useState(!folded);
  const [aboveOnly, setAboveOnly] = useState(false);
  const { predictions } = result;
  const all = useMemo(() => ranked(predictions), [predictions]);
  const others = useMemo(() => otherColumns(result), [result]);
  const scale = useScale(api, predictions[0]?.model_version ?? null);
  const above = all.filter(({ will_change }) => will_change);
  const save = (order: ScoredOrder): void =>
    saveText(`${stem(name)}.scored.csv`, 'text/csv;charset=utf-8', formatCsv(fileRecords(result, contract, order)));
  return (
    <details class="batch-predictions" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <h3>{answer(above.length, all.length)}</h3>
      </summary>
      {open && (
        <div class="section">
          <ScoredCandidates
            contract={contract}
            scores={tenths(all.map(({ probability }) => probability))}
            scoresTitle={`Scores of ${count(all.length, 'row')}`}
            scale={scale}
            rows={aboveOnly ? above : all}
            others={others}
            sortable
            aboveOnly={aboveOnly}
            onAboveOnly={setAboveOnly}
            save={save}
            links={<a href={`#past?with=${predictions[0]?.id}`}>These among past predictions</a>}
          >
            {aboveOnly && above.length === 0 && (
              <Empty title="None reaches the threshold">The list of all candidates shows who comes closest.</Empty>
            )}
          </ScoredCandidates>
        </div>
      )}
    </details>
  );
}

/** Those that are shown of the columns that only the file has; the download has all of them. */
function otherColumns({ others }: ScoredFile): TableColumn<Ranked>[] {
  return (others?.names ?? []).slice(0, SHOWN_OTHERS).map((label, index) => {
    const cell = ({ row }: Ranked): string => others?.rows[Number(row) - 1]?.[index] ?? '';
    return { key: `other-${index}`, label, cell, rank: cell };
  });
}

const SHOWN_OTHERS = 3;

const REFUSED: TableColumn<RefusedRow>[] = [
  rowColumn(),
  {
    key: 'reasons',
    label: 'What is wrong',
    cell: ({ issues }) => (
      <ul class="reasons">
        {issues.map((issue) => (
          <li key={`${issue.column} ${issue.message}`}>
            <Reason issue={issue} />
          </li>
        ))}
      </ul>
    ),
    rank: reasons,
  },
];

function Reason({ issue: { column, value, message } }: { issue: RowIssue }) {
  return (
    <>
      {column !== null && <code>{column}</code>}
      {value !== null && <span class="wrong"> “{value}”</span>}
      {(column ?? value) !== null && ': '}
      {message}
    </>
  );
}

function FileNoteText({ note: { column, rows, message } }: { note: FileNote }) {
  return (
    <>
      {column !== null && (
        <>
          <code>{column}</code>,{' '}
        </>
      )}
      {count(rows, 'row')}: {message}
    </>
  );
}
