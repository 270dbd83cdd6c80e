import { useEffect, useRef, useState } from 'preact/hooks';
import type { Api } from '../api/client.ts';
import { reportConnection } from '../api/connection.ts';
import { Problem, asProblem, unreachable } from '../api/problem.ts';
import type { FileRecord, Upload } from '../api/types.ts';
import { megabytes } from '../lib/format.ts';

export type UploadState =
  | { status: 'idle' }
  | { status: 'sending'; file: File; sent: number }
  /** In the data lake; `record` is null until its ingestion has begun. */
  | { status: 'ingesting'; file: File; record: FileRecord | null }
  | { status: 'failed'; file: File; problem: Problem };

export type UploadRun = UploadState & { start: (file: File) => void };

const POLL_MILLISECONDS = 2000;

/** Whether the file's ingestion and scoring are over. */
export function isFinal(record: FileRecord | null): boolean {
  return record?.status === 'SCORED' || record?.status === 'REJECTED';
}

/** Uploads a file into the data lake and polls its record until it is scored or rejected. */
export function useUpload(api: Api): UploadRun {
  const [state, setState] = useState<UploadState>({ status: 'idle' });
  const controller = useRef(new AbortController());
  useEffect(() => () => controller.current.abort(), [api]);

  const start = (file: File): void => {
    // A second file replaces one that is still being uploaded; ingestion of what is already in the lake continues.
    controller.current.abort();
    controller.current = new AbortController();
    const { signal } = controller.current;
    const show = (next: UploadState): void => {
      if (!signal.aborted) setState(next);
    };
    const run = async (): Promise<void> => {
      show({ status: 'sending', file, sent: 0 });
      const form = await api.createUpload(file.name);
      if (file.size > form.max_bytes) {
        throw new Problem('Too large to upload', `A file may have ${megabytes(form.max_bytes)}; this one has ${megabytes(file.size)}. Split it.`);
      }
      await post(form, file, (sent) => show({ status: 'sending', file, sent }), signal);
      await pollRecord(api, form.upload_id, (record) => show({ status: 'ingesting', file, record }), signal);
    };
    run().catch((error: unknown) => show({ status: 'failed', file, problem: asProblem(error) }));
  };
  return { ...state, start };
}

/** Posts the form. XMLHttpRequest reports how much has been sent; fetch doesn't. */
function post(form: Upload, file: File, onSent: (bytes: number) => void, signal: AbortSignal): Promise<void> {
  const body = new FormData();
  for (const [name, value] of Object.entries(form.fields)) body.append(name, value);
  body.append('file', file);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.upload.addEventListener('progress', ({ loaded }) => onSent(Math.min(loaded, file.size)));
    request.addEventListener('load', () => {
      if (request.status < 300) resolve();
      else reject(new Problem('The upload was refused', 'The permission to upload may have run out. Try again.', 503));
    });
    request.addEventListener('error', () => {
      reportConnection('lost');
      reject(unreachable());
    });
    signal.addEventListener('abort', () => request.abort());
    request.open('POST', form.url);
    request.send(body);
  });
}

/** Polls the uploaded file's record until it is final; outlasts a lost connection. */
async function pollRecord(
  api: Api,
  uploadId: string,
  onRecord: (record: FileRecord | null) => void,
  signal: AbortSignal,
): Promise<void> {
  onRecord(null);
  while (!signal.aborted) {
    const record = await api.uploadedFile(uploadId).catch((error: unknown) => {
      if (asProblem(error).retryable) return null;
      throw error;
    });
    if (record) onRecord(record);
    if (isFinal(record)) return;
    await new Promise((resolve) => setTimeout(resolve, POLL_MILLISECONDS));
  }
}
