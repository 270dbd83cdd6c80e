import { useState } from 'preact/hooks';
import type { Contract, FileNote, Prediction, RefusedRow, RowIssue, ScoredFile } from '../../api/types.ts';
import { SortableTable, type TableColumn } from '../../components/DataTable.tsx';
import { FileDrop } from '../../components/FileDrop.tsx';
import { Loading, Note, ProblemNotice } from '../../components/Notice.tsx';
import { featureColumns, resultColumns, valueOrDash } from '../../components/predictionColumns.tsx';
import { UploadList } from '../../components/UploadList.tsx';
import type { Uploads } from '../../hooks/useUploads.ts';
import { ENDINGS, stem } from '../../lib/candidateFiles.ts';
import { inputColumns } from '../../lib/contract.ts';
import { formatCsv } from '../../lib/csv.ts';
import { saveText } from '../../lib/download.ts';
import { count, size } from '../../lib/format.ts';
import { fileRecords, reasons, summary } from './scoredFile.ts';
import type { Batch as BatchRun, BatchFile } from './useBatch.ts';
import './Batch.css';

interface Props {
  contract: Contract;
  batch: BatchRun;
  uploads: Uploads;
  /** Where the uploads are of files that couldn't be scored at once. */
  place: string;
}

export function Batch({ contract, batch, uploads, place }: Props) {
  const rows = count(contract.limits.candidates, 'row');
  const bytes = size(contract.limits.bytes);
  return (
    <>
      <h1>Predict a file</h1>
      <p class="lead">Score the candidates in files, one in each row: small files at once, others in the background.</p>
      <FileDrop
        label="Choose files"
        hint={`or drop them here: ${ENDINGS}. Up to ${rows} and ${bytes} are scored at once; a larger file, or an .xlsx, is uploaded, checked and scored in the background.`}
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
        <Outcome key={file.id} contract={contract} file={file} onRetry={() => batch.retry(file)} />
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
    </details>
  );
}

/** What became of one file; everything said of it is here. */
function Outcome({ contract, file: { id, file, amongOthers, state }, onRetry }: OutcomeProps) {
  return (
    <section class="batch-file" aria-labelledby={`batch-${id}`}>
      <div class="section-head">
        <div>
          <h2 id={`batch-${id}`}>{file.name}</h2>
          {state.status === 'done' && <p role="status">{summary(state.result)}</p>}
        </div>
        {state.status === 'done' && <Download contract={contract} name={file.name} result={state.result} />}
      </div>
      {state.status === 'busy' && <Loading what="predictions" />}
      {state.status === 'failed' && (
        <ProblemNotice problem={state.problem} onRetry={state.problem.retryable ? onRetry : undefined} />
      )}
      {state.status === 'done' && <Result contract={contract} result={state.result} folded={amongOthers} />}
    </section>
  );
}

interface OutcomeProps {
  contract: Contract;
  file: BatchFile;
  onRetry: () => void;
}

function Download({ contract, name, result }: { contract: Contract; name: string; result: ScoredFile }) {
  const save = (): void =>
    saveText(`${stem(name)}-predictions.csv`, 'text/csv;charset=utf-8', formatCsv(fileRecords(result, contract)));
  return (
    <button type="button" class="button" onClick={save}>
      Download CSV
    </button>
  );
}

interface ResultProps {
  contract: Contract;
  result: ScoredFile;
  /** Whether the predictions are shown only when they are asked for. */
  folded: boolean;
}

/** The refused rows with their reasons, the predictions, and what was seen besides. */
function Result({ contract, result: { predictions, refused, notes }, folded }: ResultProps) {
  return (
    <>
      {refused.length > 0 && (
        <>
          <h3>Refused rows</h3>
          <p class="muted">
            Nothing was stored for these. Correct them in a file of their own and choose that: the other rows of this one
            would be scored a second time.
          </p>
          <SortableTable caption="Refused rows" columns={REFUSED} rows={refused} rowKey={({ row }) => row} />
        </>
      )}
      {predictions.length > 0 && <Predictions contract={contract} predictions={predictions} folded={folded} />}
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

function Predictions({ contract, predictions, folded }: Omit<ResultProps, 'result'> & Pick<ScoredFile, 'predictions'>) {
  const [open, setOpen] = useState(!folded);
  const of = (prediction: Prediction): Prediction => prediction;
  return (
    <details class="batch-predictions" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <h3>Predictions</h3>
      </summary>
      {open && (
        <SortableTable
          caption="Predictions"
          columns={[rowNumber(), ...resultColumns(of), ...featureColumns(contract, of)]}
          rows={predictions}
          rowKey={({ id }) => id}
        />
      )}
    </details>
  );
}

const REFUSED: TableColumn<RefusedRow>[] = [
  rowNumber(),
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

function rowNumber<Row extends { row: number | null }>(): TableColumn<Row> {
  return { key: 'row', label: 'Row', numeric: true, cell: ({ row }) => valueOrDash(row), rank: ({ row }) => row };
}
