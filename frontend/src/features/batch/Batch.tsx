import { useState } from 'preact/hooks';
import type { Api } from '../../api/client.ts';
import {
  type Outcome,
  type RefusedRow,
  type ScoredRow,
  TooLarge,
  ignoredNote,
  readSheet,
  score,
  scoredRecords,
} from './batch.ts';
import { SortableTable, type TableColumn } from '../../components/DataTable.tsx';
import { FileDrop } from '../../components/FileDrop.tsx';
import { Loading, Note, ProblemNotice } from '../../components/Notice.tsx';
import { UploadProgress } from '../../components/UploadProgress.tsx';
import { featureColumns, resultColumns, shown } from '../../components/predictionColumns.tsx';
import { inputColumns, isNumeric } from '../../lib/contract.ts';
import { format } from '../../lib/csv.ts';
import { download } from '../../lib/download.ts';
import { type Problem, asProblem } from '../../api/problem.ts';
import type { Contract } from '../../api/types.ts';
import type { UploadRun } from '../../hooks/useUpload.ts';
import { count, megabytes, whole } from '../../lib/format.ts';

type BatchState =
  | { status: 'idle' }
  | { status: 'busy'; file: File }
  | { status: 'failed'; file: File; problem: Problem }
  | { status: 'done'; file: File; note: string | null; outcome: Outcome }
  /** Too large for one request, so it went to the data lake; `size` is why. */
  | { status: 'lake'; file: File; size: string };

type BatchRun = BatchState & { start: (file: File) => void };

/** Scores a file at once where one request may hold it, and sends it into the data lake where not. */
export function useBatch(api: Api, contract: Contract, upload: UploadRun): BatchRun {
  const [state, setState] = useState<BatchState>({ status: 'idle' });

  const run = async (file: File): Promise<BatchState> => {
    try {
      if (/\.gz$/i.test(file.name) || file.size > contract.limits.bytes) throw new TooLarge(megabytes(file.size));
      const sheet = readSheet(await file.text(), contract);
      const { scored, refused } = await score(sheet.rows, contract, api.predict);
      const all = [...refused, ...sheet.misshapen].sort((one, other) => one.row.number - other.row.number);
      return { status: 'done', file, note: ignoredNote(sheet.ignored), outcome: { scored, refused: all } };
    } catch (error) {
      if (!(error instanceof TooLarge)) return { status: 'failed', file, problem: asProblem(error) };
      upload.start(file);
      return { status: 'lake', file, size: error.size };
    }
  };

  const start = (file: File): void => {
    setState({ status: 'busy', file });
    // A file dropped while another is being scored takes its place.
    void run(file).then((after) => setState((now) => ('file' in now && now.file === file ? after : now)));
  };
  return { ...state, start };
}

interface Props {
  contract: Contract;
  batch: BatchRun;
  upload: UploadRun;
}

export function Batch({ contract, batch, upload }: Props) {
  const { candidates } = contract.limits;
  return (
    <>
      <h1>Predict a file</h1>
      <p class="lead">
        Score the candidates in a CSV file, one in each row: up to {whole(candidates)} at once, more in the background.
      </p>
      <FileDrop
        label="Choose a CSV file"
        hint={`or drop it here. Up to ${whole(candidates)} rows are scored at once; a larger file, .csv or .csv.gz, is uploaded to the data lake, checked and scored there.`}
        accept=".csv,.gz,text/csv"
        onFile={batch.start}
      />
      <Columns contract={contract} />
      {batch.status === 'busy' && <Loading what={`predictions for ${batch.file.name}`} />}
      {batch.status === 'failed' && (
        <ProblemNotice
          problem={batch.problem}
          onRetry={batch.problem.passing ? () => batch.start(batch.file) : undefined}
        />
      )}
      {batch.status === 'lake' && (
        <>
          <Note>
            With {batch.size} this file is too large to be scored at once, so it goes to the data lake.
          </Note>
          <UploadProgress upload={upload} />
        </>
      )}
      {batch.status === 'done' && (
        <Results contract={contract} file={batch.file} note={batch.note} outcome={batch.outcome} />
      )}
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

interface ResultsProps {
  contract: Contract;
  file: File;
  note: string | null;
  outcome: Outcome;
}

function Results({ contract, file, note, outcome: { scored, refused } }: ResultsProps) {
  const save = (): void =>
    download(
      file.name.replace(/(\.csv)?$/i, '-predictions.csv'),
      'text/csv;charset=utf-8',
      format(scoredRecords(scored, contract)),
    );
  return (
    <section class="batch-results" aria-labelledby="batch-title">
      <div class="section-head">
        <div>
          <h2 id="batch-title">{file.name}</h2>
          <p role="status">
            {count(scored.length, 'row')} scored
            {refused.length > 0 && `, ${count(refused.length, 'row')} refused`}.
          </p>
        </div>
        {scored.length > 0 && (
          <button type="button" class="button" onClick={save}>
            Download CSV
          </button>
        )}
      </div>
      {note && <Note>{note}</Note>}
      {refused.length > 0 && (
        <>
          <h3>Refused rows</h3>
          <p class="muted">Nothing was stored for these. Correct them in the file and choose it again.</p>
          <SortableTable
            caption="Refused rows"
            columns={refusedColumns(contract)}
            rows={refused}
            rowKey={({ row }) => row.number}
          />
        </>
      )}
      {scored.length > 0 && (
        <>
          <h3>Predictions</h3>
          <SortableTable
            caption="Predictions"
            columns={scoredColumns(contract)}
            rows={scored}
            rowKey={({ row }) => row.number}
          />
        </>
      )}
    </section>
  );
}

function scoredColumns(contract: Contract): TableColumn<ScoredRow>[] {
  const of = ({ prediction }: ScoredRow) => prediction;
  return [numberColumn(), ...resultColumns(of), ...featureColumns(contract, of)];
}

/** The reasons, then the row as it stands in the file with the cells that the reasons are about marked. */
function refusedColumns(contract: Contract): TableColumn<RefusedRow>[] {
  return [
    numberColumn(),
    {
      key: 'reasons',
      label: 'What is wrong',
      cell: ({ reasons }) => (
        <ul class="reasons">
          {reasons.map(({ field, reason }) => (
            <li key={`${field} ${reason}`}>
              {field !== null && (
                <>
                  <code>{field}</code>:{' '}
                </>
              )}
              {reason}
            </li>
          ))}
        </ul>
      ),
      rank: ({ reasons }) => reasons.map(({ field, reason }) => `${field} ${reason}`).join(),
    },
    ...inputColumns(contract).map((column) => ({
      key: column.name,
      label: column.label,
      numeric: isNumeric(column),
      cell: ({ row, reasons }: RefusedRow) => (
        <span class={reasons.some(({ field }) => field === column.name) ? 'wrong' : undefined}>
          {shown(row.cells[column.name] || null)}
        </span>
      ),
      rank: ({ row }: RefusedRow) => row.cells[column.name] || null,
    })),
  ];
}

function numberColumn<Scored extends ScoredRow | RefusedRow>(): TableColumn<Scored> {
  return {
    key: 'row',
    label: 'Row',
    numeric: true,
    cell: ({ row }) => row.number,
    rank: ({ row }) => row.number,
  };
}
