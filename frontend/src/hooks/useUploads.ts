import { useEffect, useRef, useState } from 'preact/hooks';
import type { Api } from '../api/client.ts';
import { reportConnection } from '../api/connection.ts';
import { Problem, asProblem, unreachable } from '../api/problem.ts';
import type { FileRecord, Upload as UploadForm } from '../api/types.ts';
import { ENDINGS, isAccepted } from '../lib/candidateFiles.ts';
import { size } from '../lib/format.ts';
import { pool } from '../lib/pool.ts';

export type UploadState =
  | { status: 'waiting' }
  | { status: 'sending'; sent: number }
  /** In the data lake; `record` is null until its ingestion has begun. */
  | { status: 'ingesting'; record: FileRecord | null }
  | { status: 'failed'; problem: Problem };

export interface Upload {
  id: number;
  file: File;
  /** Where on the page it was asked for, and is shown. */
  place: string;
  state: UploadState;
}

export interface Uploads {
  all: readonly Upload[];
  start: (files: readonly File[], place: string) => void;
  retry: (upload: Upload) => void;
  /** Takes what has ended off a place's list. */
  clear: (place: string) => void;
}

const POLL_MILLISECONDS = 2000;
/** Browsers keep few connections to one host, and a form is good for ten minutes only. */
const AT_A_TIME = 3;

/** Whether a file's ingestion and scoring are over. */
export function isFinal(record: FileRecord | null): boolean {
  return record?.status === 'SCORED' || record?.status === 'REJECTED';
}

export function hasEnded({ state }: Upload): boolean {
  return state.status === 'failed' || (state.status === 'ingesting' && isFinal(state.record));
}

/** How many of some uploads have been ingested to the end. */
export function ingested(uploads: readonly Upload[]): number {
  return uploads.filter((upload) => upload.state.status === 'ingesting' && hasEnded(upload)).length;
}

/** Uploads files into the data lake, some at a time, and polls the record of each until it is scored or rejected. */
export function useUploads(api: Api): Uploads {
  const [all, setAll] = useState<readonly Upload[]>([]);
  const [send] = useState(() => pool(AT_A_TIME));
  const latest = useRef(0);
  const controller = useRef(new AbortController());
  useEffect(() => {
    controller.current = new AbortController();
    return () => controller.current.abort();
  }, [api]);

  const run = async ({ id, file }: Upload): Promise<void> => {
    const { signal } = controller.current;
    const show = (state: UploadState): void => {
      if (!signal.aborted) setAll((now) => now.map((each) => (each.id === id ? { ...each, state } : each)));
    };
    try {
      if (!isAccepted(file.name)) throw wrongName();
      show({ status: 'waiting' });
      const form = await send(() => put(api, file, (sent) => show({ status: 'sending', sent }), signal));
      await pollRecord(api, form.upload_id, (record) => show({ status: 'ingesting', record }), signal);
    } catch (error) {
      show({ status: 'failed', problem: asProblem(error) });
    }
  };
  return {
    all,
    start(files, place) {
      const started = files.map((file): Upload => ({ id: ++latest.current, file, place, state: { status: 'waiting' } }));
      // What was chosen last is shown first.
      setAll((now) => [...started, ...now]);
      for (const upload of started) void run(upload);
    },
    retry: (upload) => void run(upload),
    clear: (place) => setAll((now) => now.filter((upload) => upload.place !== place || !hasEnded(upload))),
  };
}

export const wrongName = (): Problem =>
  new Problem("This isn't a file of candidates", `Choose one whose name ends in ${ENDINGS}.`);

/** The API has more rules for names than their endings. This advice always helps. */
const refusedName = (): Problem =>
  new Problem(
    'This name cannot be used',
    'Rename the file: up to 100 letters, digits, blanks, dots and dashes always work.',
  );

/** Asks for a form and posts it; resolves with it once the file is in the lake. */
async function put(api: Api, file: File, onSent: (bytes: number) => void, signal: AbortSignal): Promise<UploadForm> {
  onSent(0);
  const form = await api.createUpload(file.name).catch((error: unknown) => {
    throw error instanceof Problem && error.status === 422 ? refusedName() : error;
  });
  if (file.size > form.max_bytes) {
    throw new Problem('Too large to upload', `A file may have ${size(form.max_bytes)}; this one has ${size(file.size)}. Split it.`);
  }
  await post(form, file, onSent, signal);
  return form;
}

/** Posts the form. XMLHttpRequest reports how much has been sent; fetch doesn't. */
function post(form: UploadForm, file: File, onSent: (bytes: number) => void, signal: AbortSignal): Promise<void> {
  const body = new FormData();
  for (const [name, value] of Object.entries(form.fields)) body.append(name, value);
  body.append('file', file);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.upload.addEventListener('progress', ({ loaded }) => onSent(Math.min(loaded, file.size)));
    request.addEventListener('load', () => {
      if (request.status < 300) resolve();
      else reject(new Problem('The upload was refused', 'The permission to upload may have expired. Try again.', 503));
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
