import { useEffect, useRef, useState } from 'preact/hooks';
import { type Problem, asProblem } from '../../api/problem.ts';
import type { CsvPage } from '../../api/types.ts';
import { ProblemNotice } from '../../components/Notice.tsx';
import { useRetryOnReconnect } from '../../hooks/useRetryOnReconnect.ts';
import { saveFile } from '../../lib/download.ts';
import { count } from '../../lib/format.ts';
import { NOTHING_YET, type PartialCsv, fetchRest, progressText } from './csvExport.ts';
import './ExportButton.css';

interface Props {
  /** The file's. */
  name: string;
  load: (cursor: string | null, signal: AbortSignal) => Promise<CsvPage>;
}

interface State {
  status: 'idle' | 'running' | 'failed' | 'saved';
  csv: PartialCsv;
  problem: Problem | null;
}

const IDLE: State = { status: 'idle', csv: NOTHING_YET, problem: null };

/** Fetches a CSV file page by page and saves it; meanwhile it shows how far it is, and can be stopped. */
export function ExportButton({ name, load }: Props) {
  const [{ status, csv, problem }, setState] = useState(IDLE);
  const controller = useRef(new AbortController());
  useEffect(() => () => controller.current.abort(), []);

  const start = async (from: PartialCsv): Promise<void> => {
    controller.current = new AbortController();
    const { signal } = controller.current;
    const show = (change: Partial<State>): void => {
      if (!signal.aborted) setState((now) => ({ ...now, ...change }));
    };
    setState({ status: 'running', csv: from, problem: null });
    try {
      const whole = await fetchRest(from, load, (fetched) => show({ csv: fetched }), signal);
      if (signal.aborted) return;
      saveFile(name, new Blob([...whole.pages], { type: 'text/csv;charset=utf-8' }));
      // What is saved needs no room here any more.
      show({ status: 'saved', csv: { ...whole, pages: [] } });
    } catch (error) {
      show({ status: 'failed', problem: asProblem(error) });
    }
  };
  useRetryOnReconnect(problem, () => void start(csv));
  const stop = (): void => {
    controller.current.abort();
    setState(IDLE);
  };

  if (status === 'running') {
    return (
      <div class="export">
        <progress max={csv.total ?? 1} value={csv.total === null ? undefined : csv.rows} aria-label="Rows fetched" />
        <span role="status">{progressText(csv)}</span>
        <button type="button" class="button" onClick={stop} title="Leaving this view stops it, too">
          Stop
        </button>
      </div>
    );
  }
  return (
    <div class="export">
      {status === 'saved' && <span role="status">{count(csv.rows, 'row')} saved</span>}
      <button type="button" class="button" onClick={() => void start(NOTHING_YET)}>
        Download CSV
      </button>
      {problem && (
        <div class="section">
          {csv.rows > 0 && <p>{progressText(csv)} have been fetched. Trying again goes on from there.</p>}
          <ProblemNotice problem={problem} onRetry={() => void start(csv)} />
        </div>
      )}
    </div>
  );
}
