import { useEffect, useRef, useState } from 'preact/hooks';
import { type Problem, asProblem } from '../../api/problem.ts';
import { ProblemNotice } from '../../components/Notice.tsx';
import { type CsvCell, formatCsv } from '../../lib/csv.ts';
import { saveText } from '../../lib/download.ts';
import { count } from '../../lib/format.ts';
import './ExportButton.css';

interface Props {
  name: string;
  /** The noun for one record. */
  noun: string;
  /** Loads the table with its header; `onProgress` gets the number of records so far. */
  records: (onProgress: (loaded: number) => void, signal: AbortSignal) => Promise<CsvCell[][]>;
}

/** Loads a table, however long that takes, and saves it as a CSV file; meanwhile it can be stopped. */
export function ExportButton({ name, noun, records }: Props) {
  const [loaded, setLoaded] = useState<number | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const controller = useRef(new AbortController());
  useEffect(() => () => controller.current.abort(), []);

  const start = async (): Promise<void> => {
    controller.current = new AbortController();
    const { signal } = controller.current;
    setProblem(null);
    setLoaded(0);
    try {
      const table = await records((number) => !signal.aborted && setLoaded(number), signal);
      if (!signal.aborted) saveText(name, 'text/csv;charset=utf-8', formatCsv(table));
    } catch (error) {
      if (!signal.aborted) setProblem(asProblem(error));
    } finally {
      if (!signal.aborted) setLoaded(null);
    }
  };
  const stop = (): void => {
    controller.current.abort();
    setLoaded(null);
  };

  return (
    <div class="export">
      {loaded === null ? (
        <button type="button" class="button" onClick={() => void start()}>
          Download CSV
        </button>
      ) : (
        <>
          <span role="status">{count(loaded, noun)} so far …</span>
          <button type="button" class="button" onClick={stop}>
            Stop
          </button>
        </>
      )}
      {problem && <ProblemNotice problem={problem} onRetry={() => void start()} />}
    </div>
  );
}
