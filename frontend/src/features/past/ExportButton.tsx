import { useEffect, useRef, useState } from 'preact/hooks';
import { format } from '../../lib/csv.ts';
import { download } from '../../lib/download.ts';
import { type Problem, asProblem } from '../../api/problem.ts';
import { count } from '../../lib/format.ts';
import { ProblemNotice } from '../../components/Notice.tsx';

type Cell = string | number | boolean | null;

interface Props {
  name: string;
  /** What one of the records is. */
  what: string;
  /** The table with its header; `onSome` is told how many records there are so far. */
  records: (onSome: (many: number) => void, signal: AbortSignal) => Promise<Cell[][]>;
}

/** Gathers a table, however long that takes, and hands it out as a CSV file; pressed again meanwhile, it stops. */
export function ExportButton({ name, what, records }: Props) {
  const [gathered, setGathered] = useState<number | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const controller = useRef(new AbortController());
  useEffect(() => () => controller.current.abort(), []);

  const start = async (): Promise<void> => {
    controller.current = new AbortController();
    const { signal } = controller.current;
    setProblem(null);
    setGathered(0);
    try {
      const table = await records((many) => !signal.aborted && setGathered(many), signal);
      if (!signal.aborted) download(name, 'text/csv;charset=utf-8', format(table));
    } catch (error) {
      if (!signal.aborted) setProblem(asProblem(error));
    } finally {
      if (!signal.aborted) setGathered(null);
    }
  };
  const stop = (): void => {
    controller.current.abort();
    setGathered(null);
  };

  return (
    <div class="export">
      {gathered === null ? (
        <button type="button" class="button" onClick={() => void start()}>
          Download CSV
        </button>
      ) : (
        <>
          <span role="status">{count(gathered, what)} so far …</span>
          <button type="button" class="button" onClick={stop}>
            Stop
          </button>
        </>
      )}
      {problem && <ProblemNotice problem={problem} onRetry={() => void start()} />}
    </div>
  );
}
