import { useRef, useState } from 'preact/hooks';
import type { Api } from '../../api/client.ts';
import { type Problem, asProblem } from '../../api/problem.ts';
import type { Contract, ScoredFile } from '../../api/types.ts';
import { wrongName } from '../../hooks/useUploads.ts';
import { isAccepted } from '../../lib/candidateFiles.ts';
import { pool } from '../../lib/pool.ts';
import { scoreAtOnce } from './scoredFile.ts';

export type BatchState =
  | { status: 'busy' }
  | { status: 'failed'; problem: Problem }
  | { status: 'done'; result: ScoredFile };

export interface BatchFile {
  id: number;
  file: File;
  /** Whether it was chosen with others. */
  amongOthers: boolean;
  state: BatchState;
}

export interface Batch {
  files: readonly BatchFile[];
  start: (files: readonly File[]) => void;
  retry: (file: BatchFile) => void;
}

const AT_A_TIME = 3;

/** Scores each file that fits into one request at once, and passes the others to `upload`. */
export function useBatch(api: Api, contract: Contract, upload: (file: File) => void): Batch {
  const [files, setFiles] = useState<readonly BatchFile[]>([]);
  const [send] = useState(() => pool(AT_A_TIME));
  const latest = useRef(0);

  const run = async ({ id, file }: BatchFile): Promise<void> => {
    const show = (state: BatchState): void =>
      setFiles((now) => now.map((each) => (each.id === id ? { ...each, state } : each)));
    show({ status: 'busy' });
    try {
      if (!isAccepted(file.name)) throw wrongName();
      const result = await send(() => scoreAtOnce(file, contract.limits, api.predictFile));
      if (result) return show({ status: 'done', result });
      setFiles((now) => now.filter((each) => each.id !== id));
      upload(file);
    } catch (error) {
      show({ status: 'failed', problem: asProblem(error) });
    }
  };
  return {
    files,
    start(chosen) {
      const started = chosen.map(
        (file): BatchFile => ({ id: ++latest.current, file, amongOthers: chosen.length > 1, state: { status: 'busy' } }),
      );
      const names = new Set(chosen.map(({ name }) => name));
      // What was chosen last is shown first; chosen again, corrected, a file takes the place of what it was.
      setFiles((now) => [...started, ...now.filter(({ file }) => !names.has(file.name))]);
      for (const file of started) void run(file);
    },
    retry: (file) => void run(file),
  };
}
