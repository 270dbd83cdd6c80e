import { useState } from 'preact/hooks';
import type { Api } from '../../api/client.ts';
import { type Problem, asProblem } from '../../api/problem.ts';
import type { Contract } from '../../api/types.ts';
import type { UploadRun } from '../../hooks/useUpload.ts';
import { megabytes } from '../../lib/format.ts';
import { type BatchResult, TooLarge, ignoredNote, readSheet, score } from './sheet.ts';

type BatchState =
  | { status: 'idle' }
  | { status: 'busy'; file: File }
  | { status: 'failed'; file: File; problem: Problem }
  | { status: 'done'; file: File; note: string | null; result: BatchResult }
  /** Too large for one request and uploaded into the data lake instead; `size`: how large it is. */
  | { status: 'lake'; file: File; size: string };

export type BatchRun = BatchState & { start: (file: File) => void };

/** Scores a file at once if it fits into one request, and uploads it into the data lake if not. */
export function useBatch(api: Api, contract: Contract, upload: UploadRun): BatchRun {
  const [state, setState] = useState<BatchState>({ status: 'idle' });

  const run = async (file: File): Promise<BatchState> => {
    try {
      if (/\.gz$/i.test(file.name) || file.size > contract.limits.bytes) throw new TooLarge(megabytes(file.size));
      const sheet = readSheet(await file.text(), contract);
      const { scored, refused } = await score(sheet.rows, contract, api.predict);
      const all = [...refused, ...sheet.malformed].sort((one, other) => one.row.number - other.row.number);
      return { status: 'done', file, note: ignoredNote(sheet.ignored), result: { scored, refused: all } };
    } catch (error) {
      if (!(error instanceof TooLarge)) return { status: 'failed', file, problem: asProblem(error) };
      upload.start(file);
      return { status: 'lake', file, size: error.size };
    }
  };

  const start = (file: File): void => {
    setState({ status: 'busy', file });
    // A second file replaces one that is still being scored.
    void run(file).then((next) => setState((now) => ('file' in now && now.file === file ? next : now)));
  };
  return { ...state, start };
}
