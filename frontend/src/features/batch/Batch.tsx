import type { Contract } from '../../api/types.ts';
import { SortableTable, type TableColumn } from '../../components/DataTable.tsx';
import { FileDrop } from '../../components/FileDrop.tsx';
import { Loading, Note, ProblemNotice } from '../../components/Notice.tsx';
import { featureColumns, resultColumns, valueOrDash } from '../../components/predictionColumns.tsx';
import { UploadProgress } from '../../components/UploadProgress.tsx';
import type { UploadRun } from '../../hooks/useUpload.ts';
import { inputColumns, isNumeric } from '../../lib/contract.ts';
import { formatCsv } from '../../lib/csv.ts';
import { saveText } from '../../lib/download.ts';
import { count, integer } from '../../lib/format.ts';
import { type BatchResult, type RefusedRow, type ScoredRow, scoredRecords } from './sheet.ts';
import type { BatchRun } from './useBatch.ts';
import './Batch.css';

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
        Score the candidates in a CSV file, one in each row: up to {integer(candidates)} at once, more in the background.
      </p>
      <FileDrop
        label="Choose a CSV file"
        hint={`or drop it here. Up to ${integer(candidates)} rows are scored at once; a larger file, .csv or .csv.gz, is uploaded to the data lake, checked and scored there.`}
        accept=".csv,.gz,text/csv"
        onFile={batch.start}
      />
      <Columns contract={contract} />
      {batch.status === 'busy' && <Loading what={`predictions for ${batch.file.name}`} />}
      {batch.status === 'failed' && (
        <ProblemNotice
          problem={batch.problem}
          onRetry={batch.problem.retryable ? () => batch.start(batch.file) : undefined}
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
        <Results contract={contract} file={batch.file} note={batch.note} result={batch.result} />
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
  result: BatchResult;
}

function Results({ contract, file, note, result: { scored, refused } }: ResultsProps) {
  const save = (): void =>
    saveText(
      file.name.replace(/(\.csv)?$/i, '-predictions.csv'),
      'text/csv;charset=utf-8',
      formatCsv(scoredRecords(scored, contract)),
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
  return [rowNumberColumn(), ...resultColumns(of), ...featureColumns(contract, of)];
}

/** The reasons, then the row as it is in the file; the cells that the reasons are about are marked. */
function refusedColumns(contract: Contract): TableColumn<RefusedRow>[] {
  return [
    rowNumberColumn(),
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
          {valueOrDash(row.cells[column.name] || null)}
        </span>
      ),
      rank: ({ row }: RefusedRow) => row.cells[column.name] || null,
    })),
  ];
}

function rowNumberColumn<Scored extends ScoredRow | RefusedRow>(): TableColumn<Scored> {
  return {
    key: 'row',
    label: 'Row',
    numeric: true,
    cell: ({ row }) => row.number,
    rank: ({ row }) => row.number,
  };
}
