import { useState } from 'preact/hooks';
import type { Api } from '../../api/client.ts';
import { type Problem, asProblem } from '../../api/problem.ts';
import type { Contract, FileWithExamples, Severity } from '../../api/types.ts';
import { DataTable } from '../../components/DataTable.tsx';
import { Figure } from '../../components/Figure.tsx';
import { VersionLink } from '../../components/VersionLink.tsx';
import { CriticalityPill, FileStatus, RowCounts, VerdictPill } from '../../components/fileCells.tsx';
import { FileDrop } from '../../components/FileDrop.tsx';
import { Loading, Note, Outcome, ProblemNotice } from '../../components/Notice.tsx';
import { Operation } from '../../components/Operation.tsx';
import { Pill, type PillKind } from '../../components/Pill.tsx';
import { StoredDocument } from '../../components/StoredDocument.tsx';
import { Time } from '../../components/Time.tsx';
import { UploadList } from '../../components/UploadList.tsx';
import { usePolled } from '../../hooks/usePolled.ts';
import { type Uploads, ingested, isFinal } from '../../hooks/useUploads.ts';
import { textType } from '../../lib/candidateFiles.ts';
import { labelOf } from '../../lib/contract.ts';
import { downloadFrom } from '../../lib/download.ts';
import { count, humanize, integer } from '../../lib/format.ts';
import { FileScores } from './FileScores.tsx';
import './FileDetail.css';

const POLL_SECONDS = 3;

interface Props {
  api: Api;
  contract: Contract;
  fileId: string;
  /** Whether only the candidates above the threshold are listed. */
  aboveOnly: boolean;
  uploads: Uploads;
  operator: boolean;
}

/** One ingested file: who in it is looking, its issues, its report, and the way to correct its bad rows. */
export function FileDetail({ api, contract, fileId, aboveOnly, uploads, operator }: Props) {
  const [changing, setChanging] = useState(true);
  const corrected = ingested(uploads.all);
  const file = usePolled(
    async (signal) => {
      const found = await api.file(fileId, signal);
      setChanging(!isFinal(found));
      return found;
    },
    [api, fileId, corrected],
    changing ? POLL_SECONDS : null,
  );
  return (
    <>
      <p>
        <a href="#files">← All files</a>
      </p>
      {!file.value && <h1>File</h1>}
      {!file.value && !file.problem && <Loading what="the file" />}
      {file.problem && <ProblemNotice problem={file.problem} onRetry={file.refresh} />}
      {file.value && (
        <FileContent {...{ api, contract, aboveOnly, uploads, operator }} file={file.value} />
      )}
    </>
  );
}

const MOST_READ_BYTES = 50 * 2 ** 20;

/** The file itself, if it was dropped on this page since it was opened and is a text that can be read here. */
function droppedHere(uploads: Uploads, fileId: string): File | null {
  const upload = uploads.all.find(({ state }) => state.status === 'ingesting' && state.record?.file_id === fileId);
  if (upload === undefined || upload.file.size > MOST_READ_BYTES) return null;
  return textType(upload.file.name) === 'text/csv' ? upload.file : null;
}

function FileContent({ api, contract, file, aboveOnly, uploads, operator }: Omit<Props, 'fileId'> & { file: FileWithExamples }) {
  return (
    <>
      <h1 class="file-title">{file.name}</h1>
      {file.reason && <Note>{file.reason}</Note>}
      <FileScores {...{ api, contract, file, aboveOnly }} dropped={droppedHere(uploads, file.file_id)} />
      {file.redacted > 0 && <p class="muted">{count(file.redacted, 'row')} left out: erased.</p>}
      <dl class="card figures">
        <Figure
          name="Criticality"
          hint="How bad the file is as a whole: minor with any bad row, major and critical from larger shares of bad rows; a rejected file is critical."
        >
          <CriticalityPill of={file.criticality} />
        </Figure>
        <Figure name="Rows">
          <RowCounts of={file.rows} />
        </Figure>
        <Figure name="Status">
          <FileStatus file={file} />
        </Figure>
        <Figure name="Drift">
          <VerdictPill of={file.drift?.verdict} />
        </Figure>
        <Figure name="Dropped">
          <Time at={file.uploaded_at} />
        </Figure>
        <Figure name="Contract">{file.contract_version ?? <span class="missing">–</span>}</Figure>
        <Figure name="Model">
          {file.model_version ? <VersionLink version={file.model_version} /> : <span class="missing">–</span>}
        </Figure>
      </dl>
      <Relations file={file} />
      {file.rows.bad > 0 && <Corrections api={api} file={file} uploads={uploads} />}
      {operator && file.status !== 'VALIDATING' && <Replay api={api} file={file} />}
      {file.issues.length > 0 && <Issues issues={file.issues} />}
      {file.drift && <DriftTable contract={contract} drift={file.drift} />}
      {file.status !== 'VALIDATING' && (
        <section class="section" aria-labelledby="report-title">
          <h2 id="report-title">Report</h2>
          <StoredDocument
            title="Report"
            url={(signal) => api.reportUrl(file.file_id, signal)}
            inputs={[api, file.file_id, file.recovered]}
          />
        </section>
      )}
    </>
  );
}

/** The files that this one repeats, replays or corrects, and those that replay or correct this one. */
function Relations({ file }: { file: FileWithExamples }) {
  const { duplicate_of: same, replay_of: original, replayed_by: replay } = file;
  if (!same && !original && !replay && file.replaces.length === 0 && file.recovered_by.length === 0) return null;
  return (
    <ul class="relations">
      {same && (
        <li>
          Has the same content as <a href={`#files/${same}`}>an earlier file</a>.
        </li>
      )}
      {original && (
        <li>
          A replay of <a href={`#files/${original}`}>an earlier file</a>.
        </li>
      )}
      {replay && (
        <li>
          Was replayed as <a href={`#files/${replay}`}>another file</a>, whose predictions replaced these.
        </li>
      )}
      {file.replaces.map(({ file_id, rows }) => (
        <li key={file_id}>
          Corrects {count(rows, 'row')} of <a href={`#files/${file_id}`}>an earlier file</a>.
        </li>
      ))}
      {file.recovered_by.length > 0 && (
        <li>
          {integer(file.recovered)} of {count(file.rows.bad, 'bad row')} have been corrected in{' '}
          {file.recovered_by.map((fileId, at) => (
            <>
              {at > 0 && ', '}
              <a key={fileId} href={`#files/${fileId}`}>
                {at === 0 ? 'a later file' : 'another'}
              </a>
            </>
          ))}
          .
        </li>
      )}
    </ul>
  );
}

function Corrections({ api, file, uploads }: { api: Api; file: FileWithExamples; uploads: Uploads }) {
  const [problem, setProblem] = useState<Problem | null>(null);
  const downloadBadRows = async (): Promise<void> => {
    setProblem(null);
    try {
      downloadFrom(await api.badRowsUrl(file.file_id));
    } catch (error) {
      setProblem(asProblem(error));
    }
  };
  return (
    <section class="section" aria-labelledby="corrections-title">
      <h2 id="corrections-title">Correct the bad rows</h2>
      <ol class="advice">
        <li>
          <button type="button" class="button" onClick={() => void downloadBadRows()}>
            Download bad rows
          </button>{' '}
          Each has its reasons beside it.
        </li>
        <li>Correct the values in a spreadsheet; leave the last four columns as they are.</li>
        <li>Drop the corrected file below. Its rows are recognised, whatever its name.</li>
      </ol>
      {problem && <ProblemNotice problem={problem} onRetry={() => void downloadBadRows()} />}
      <FileDrop
        label="Choose the corrected file"
        hint="or drop it anywhere on this page."
        onFiles={(files) => uploads.start(files, file.file_id)}
      />
      <UploadList uploads={uploads} place={file.file_id} />
    </section>
  );
}

function Replay({ api, file }: { api: Api; file: FileWithExamples }) {
  return (
    <div class="actions">
      <Operation
        action="Replay"
        title={`Replay ${file.name}?`}
        consequence={
          <p>
            The file is checked and scored once more, as a new file, by the current contract and the current champion. Its
            new predictions replace the current ones.
          </p>
        }
        run={async () => {
          const { file_id } = await api.operator.replay(file.file_id);
          return (
            <Outcome>
              The replay has begun. <a href={`#files/${file_id}`}>Follow the new file.</a>
            </Outcome>
          );
        }}
      />
    </div>
  );
}

function Issues({ issues }: { issues: FileWithExamples['issues'] }) {
  return (
    <section class="section" aria-labelledby="issues-title">
      <h2 id="issues-title">Issues</h2>
      <DataTable
        caption="Issues"
        rows={issues}
        rowKey={({ type, column }) => `${type} ${column}`}
        columns={[
          { key: 'type', label: 'Issue', cell: ({ type }) => humanize(type) },
          {
            key: 'severity',
            label: 'Severity',
            cell: ({ severity }) => <Pill kind={SEVERITY_PILLS[severity]}>{humanize(severity)}</Pill>,
          },
          { key: 'column', label: 'Column', cell: ({ column }) => (column ? <code>{column}</code> : '–') },
          { key: 'rows', label: 'Rows', numeric: true, cell: ({ rows }) => integer(rows) },
          {
            key: 'examples',
            label: 'Examples',
            cell: ({ examples, severity, detail }) => (
              <span class="reasons">
                {detail}
                {examples.map(({ row, value, meant }, at) => (
                  <span key={at} class="example">
                    {row !== null && <span class="muted">row {integer(row)} </span>}
                    {value !== null ? <code>{value}</code> : <span class="missing">(empty)</span>}
                    {meant && <span class="muted"> {severity === 'warning' ? 'read as' : 'did you mean'} </span>}
                    {meant && <code>{meant}</code>}
                  </span>
                ))}
              </span>
            ),
          },
        ]}
      />
    </section>
  );
}

const SEVERITY_PILLS: Record<Severity, PillKind> = { fatal: 'critical', error: 'major', warning: 'minor' };

function DriftTable({ contract, drift }: { contract: Contract; drift: NonNullable<FileWithExamples['drift']> }) {
  return (
    <section class="section" aria-labelledby="drift-title">
      <h2 id="drift-title">Drift</h2>
      <p class="muted">How far these candidates are from those the model was trained on (population stability index,
        without what chance adds to it). Shifted: a certain difference, but a small one. Drifted: a certain and large one.</p>
      <DataTable
        caption="Drift"
        rows={drift.columns.toSorted((one, other) => other.psi - one.psi)}
        rowKey={({ column }) => column}
        columns={[
          { key: 'column', label: 'Column', cell: ({ column }) => labelOf(contract, column) },
          { key: 'psi', label: 'PSI', numeric: true, cell: ({ psi }) => psi.toFixed(3) },
          { key: 'threshold', label: 'Stable up to', numeric: true, cell: ({ threshold }) => threshold.toFixed(3) },
          { key: 'verdict', label: 'Verdict', cell: ({ verdict }) => <VerdictPill of={verdict} /> },
        ]}
      />
    </section>
  );
}
