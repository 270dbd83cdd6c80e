import type { ComponentChildren } from 'preact';
import type { FileRecord } from '../api/types.ts';
import { type UploadRun, isFinal } from '../hooks/useUpload.ts';
import { count, megabytes } from '../lib/format.ts';
import { ProblemNotice } from './Notice.tsx';
import './UploadProgress.css';

/** The progress of an uploaded file: sent, checked, scored. */
export function UploadProgress({ upload }: { upload: UploadRun }) {
  if (upload.status === 'idle') return null;
  if (upload.status === 'failed') {
    return (
      <ProblemNotice
        problem={upload.problem}
        onRetry={upload.problem.retryable ? () => upload.start(upload.file) : undefined}
      />
    );
  }
  const { file } = upload;
  const record = upload.status === 'ingesting' ? upload.record : null;
  const sent = upload.status === 'sending' ? upload.sent : file.size;
  const share = file.size > 0 ? sent / file.size : 1;
  return (
    <section class="card upload" aria-label={`Upload of ${file.name}`}>
      <h2>{file.name}</h2>
      <progress max="1" value={share} aria-label="Uploaded">
        {Math.round(share * 100)} %
      </progress>
      <div role="status">
        <ol class="steps">
          <Step done={upload.status === 'ingesting'}>
            {upload.status === 'ingesting'
              ? `Uploaded, ${megabytes(file.size)}`
              : `Uploading: ${megabytes(sent)} of ${megabytes(file.size)}`}
          </Step>
          {upload.status === 'ingesting' && (
            <Step done={record !== null && record.status !== 'VALIDATING'}>{checked(record)}</Step>
          )}
          {record !== null && record.status !== 'VALIDATING' && (
            <Step done={isFinal(record)}>{outcome(record)}</Step>
          )}
        </ol>
      </div>
      {record && <a href={`#files/${record.file_id}`}>See what became of the file</a>}
    </section>
  );
}

function Step({ done, children }: { done: boolean; children: ComponentChildren }) {
  return <li class={done ? 'step step-done' : 'step'}>{children}</li>;
}

function checked(record: FileRecord | null): string {
  if (record === null) return 'Waiting to be checked';
  if (record.status === 'VALIDATING') return 'Being checked';
  return `Checked: ${count(record.rows.good, 'good row')}, ${count(record.rows.bad, 'bad row')}`;
}

function outcome({ status, reason, scored, rows, failure }: FileRecord): string {
  if (status === 'REJECTED') return `Rejected: ${reason ?? 'its report says why.'}`;
  if (status === 'SCORED') return `Scored: ${count(scored, 'row')}`;
  if (failure) return `Scoring has stopped: ${failure.reason}`;
  return scored > 0 ? `Being scored: ${count(scored, 'row')} of ${count(rows.good, 'row')}` : 'Waiting to be scored, which begins within two minutes';
}
