import type { ComponentChildren } from 'preact';
import type { FileRecord } from '../api/types.ts';
import { type Upload, type Uploads, hasEnded, isFinal } from '../hooks/useUploads.ts';
import { count, size } from '../lib/format.ts';
import { ProblemNotice } from './Notice.tsx';
import { scoringProgress } from './scoringProgress.ts';
import './UploadList.css';

/** The uploads that were asked for at a place, each with its own progress, errors and way to its file. */
export function UploadList({ uploads, place }: { uploads: Uploads; place: string }) {
  const shown = uploads.all.filter((upload) => upload.place === place);
  if (shown.length === 0) return null;
  return (
    <div class="uploads">
      <ul>
        {shown.map((upload) => (
          <li key={upload.id}>
            <UploadRow upload={upload} onRetry={() => uploads.retry(upload)} />
          </li>
        ))}
      </ul>
      {shown.some(hasEnded) && (
        <button type="button" class="button button-quiet" onClick={() => uploads.clear(place)}>
          Clear what is done
        </button>
      )}
    </div>
  );
}

/** One upload: sent, checked, scored. */
function UploadRow({ upload: { file, state }, onRetry }: { upload: Upload; onRetry: () => void }) {
  const record = state.status === 'ingesting' ? state.record : null;
  return (
    <section class="card upload" aria-label={`Upload of ${file.name}`}>
      <div class="upload-head">
        <h2>{file.name}</h2>
        {record && <a href={`#files/${record.file_id}`}>View results</a>}
      </div>
      {state.status === 'sending' && <Progress sent={state.sent} of={file.size} />}
      {state.status === 'failed' ? (
        <ProblemNotice problem={state.problem} onRetry={state.problem.retryable ? onRetry : undefined} />
      ) : (
        <div role="status">
          <ol class="steps">
            {state.status === 'waiting' && <Step>Waiting to be uploaded, {size(file.size)}</Step>}
            {state.status === 'sending' && (
              <Step>
                Uploading: {size(state.sent)} of {size(file.size)}
              </Step>
            )}
            {state.status === 'ingesting' && (
              <>
                <Step as="done">Uploaded, {size(file.size)}</Step>
                <Ingestion record={record} />
              </>
            )}
          </ol>
        </div>
      )}
    </section>
  );
}

function Progress({ sent, of }: { sent: number; of: number }) {
  const share = of > 0 ? sent / of : 1;
  return (
    <progress max="1" value={share} aria-label="Uploaded">
      {Math.round(share * 100)}%
    </progress>
  );
}

function Ingestion({ record }: { record: FileRecord | null }) {
  if (record === null) return <Step>Waiting to be checked</Step>;
  if (record.status === 'VALIDATING') return <Step>Being checked</Step>;
  if (record.status === 'REJECTED') return <Step as="failed">Rejected: {record.reason ?? 'its report says why.'}</Step>;
  return (
    <>
      <Step as="done">
        Checked: {count(record.rows.good, 'good row')}, {count(record.rows.bad, 'bad row')}
      </Step>
      <Step as={isFinal(record) ? 'done' : record.failure ? 'failed' : undefined}>{isFinal(record) ? `Scored: ${count(record.scored, 'row')}` : scoringProgress(record)}</Step>
    </>
  );
}

function Step({ as = 'open', children }: { as?: 'open' | 'done' | 'failed' | undefined; children: ComponentChildren }) {
  return <li class={`step step-${as}`}>{children}</li>;
}
