import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Api } from '../../api/client.ts';
import { type Problem, asProblem } from '../../api/problem.ts';
import type { Contract, ScoredFile } from '../../api/types.ts';
import { wrongName } from '../../hooks/useUploads.ts';
import { isAccepted } from '../../lib/candidateFiles.ts';
import { pool } from '../../lib/pool.ts';
import { keepAnswers, keptAnswers } from './keptAnswers.ts';
import { scoreAtOnce } from './scoredFile.ts';

export type BatchState =
  | { status: 'busy' }
  | { status: 'failed'; problem: Problem }
  | { status: 'done'; result: ScoredFile };

export interface BatchFile {
  id: number;
  name: string;
  /** Null if it was scored before the page was loaded again. */
  file: File | null;
  /** Whether it was chosen with others. */
  amongOthers: boolean;
  state: BatchState;
}

export interface Batch {
  files: readonly BatchFile[];
  /** The ids of those whose answers are still here after the page is loaded again. */
  kept: readonly number[];
  start: (files: readonly File[]) => void;
  retry: (file: BatchFile) => void;
}

const AT_A_TIME = 3;

/**
 * Scores each file that fits into one request at once, and passes the others to `upload`. Answers are kept in the tab for
 * their owner.
 */
export function useBatch(api: Api, contract: Contract, owner: string, upload: (file: File) => void): Batch {
  const [files, setFiles] = useState(() => restored(owner));
  const [kept, setKept] = useState<readonly number[]>([]);
  const [send] = useState(() => pool(AT_A_TIME));
  const latest = useRef(files.length);
  useLayoutEffect(() => {
    const answered = files.flatMap(({ id, name, state }) =>
      state.status === 'done' ? [{ id, name, result: state.result }] : [],
    );
    const number = keepAnswers(owner, answered);
    setKept(answered.slice(0, number).map(({ id }) => id));
  }, [files, owner]);

  const run = async (id: number, file: File): Promise<void> => {
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
    kept,
    start(chosen) {
      const started = chosen.map((file) => ({ id: ++latest.current, file }));
      const names = new Set(chosen.map(({ name }) => name));
      // What was chosen last is shown first; chosen again, corrected, a file takes the place of what it was.
      setFiles((now) => [
        ...started.map(
          ({ id, file }): BatchFile => ({
            id,
            name: file.name,
            file,
            amongOthers: chosen.length > 1,
            state: { status: 'busy' },
          }),
        ),
        ...now.filter(({ name }) => !names.has(name)),
      ]);
      for (const { id, file } of started) void run(id, file);
    },
    retry({ id, file }) {
      if (file) void run(id, file);
    },
  };
}

/** The files whose answers this tab has kept. */
function restored(owner: string): readonly BatchFile[] {
  const answers = keptAnswers(owner);
  return answers.map(({ name, result }, index) => ({
    id: index + 1,
    name,
    file: null,
    amongOthers: answers.length > 1,
    state: { status: 'done', result },
  }));
}
