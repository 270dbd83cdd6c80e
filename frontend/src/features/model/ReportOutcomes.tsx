import { useState } from 'preact/hooks';
import type { Api } from '../../api/client.ts';
import { type Problem, asProblem } from '../../api/problem.ts';
import type { Contract } from '../../api/types.ts';
import { DataTable, type TableColumn } from '../../components/DataTable.tsx';
import { FileDrop } from '../../components/FileDrop.tsx';
import { Outcome, ProblemNotice } from '../../components/Notice.tsx';
import { isAccepted, textType } from '../../lib/candidateFiles.ts';
import { count, integer } from '../../lib/format.ts';
import { type ReadOutcomes, type RowError, readOutcomes } from './outcomesFile.ts';
import { type Sent, sendOutcomes } from './sendOutcomes.ts';

interface Reported {
  name: string;
  read: ReadOutcomes;
  sent: Sent | null;
  problem: Problem | null;
  busy: boolean;
}

const MOST_BYTES = 20_000_000;

/** Reports what candidates really did, from a file: what models are measured by and learn from. */
export function ReportOutcomes({ api, contract }: { api: Api; contract: Contract }) {
  const [state, setState] = useState<Reported | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);

  const choose = async ([file]: File[]): Promise<void> => {
    if (!file || state?.busy) return;
    setState(null);
    setRefusal(null);
    if (!isAccepted(file.name) || textType(file.name) !== 'text/csv') {
      setRefusal(`${file.name} isn't a CSV file. Save it as CSV first.`);
    } else if (file.size > MOST_BYTES) {
      setRefusal(`${file.name} has more than 20 MB. Split it.`);
    } else {
      const read = readOutcomes(await file.text(), new Date().toISOString());
      setState({ name: file.name, read, sent: null, problem: null, busy: false });
    }
  };
  const send = async (): Promise<void> => {
    if (!state || state.busy) return;
    setState({ ...state, problem: null, busy: true });
    const progress = (sent: Sent): void => setState((now) => now && { ...now, sent });
    try {
      await sendOutcomes(state.read.reports, contract.limits.candidates, api.reportOutcomes, progress);
      setState((now) => now && { ...now, busy: false });
    } catch (error) {
      setState((now) => now && { ...now, problem: asProblem(error), busy: false });
    }
  };

  return (
    <>
      <p>
        <a href="#model">All versions</a>
      </p>
      <h1>Report outcomes</h1>
      <p class="lead">Say who changed job and who didn't: models are measured by it, and learn from it.</p>
      <FileDrop
        label="Choose a CSV file"
        hint="Columns: enrollee_id, changed_job (yes or no), and optionally observed_at (such as 2026-01-31; default: now). Or drop the file anywhere here."
        onFiles={(files) => void choose(files)}
      />
      {refusal && <Outcome failed>{refusal}</Outcome>}
      {state && <Read state={state} onSend={() => void send()} />}
    </>
  );
}

function Read({ state: { name, read, sent, problem, busy }, onSend }: { state: Reported; onSend: () => void }) {
  const total = read.reports.length;
  const handled = sent ? sent.kept + sent.refused.length : 0;
  const wrong = [...read.errors, ...(sent?.refused ?? [])];
  const changed = read.reports.filter(({ report }) => report.changed_job).length;
  return (
    <section class="section" aria-label={`Outcomes of ${name}`}>
      <h2>{name}</h2>
      <div role="status">
        {sent === null ? (
          <p>
            {count(total, 'outcome')}: {integer(changed)} changed job, {integer(total - changed)} didn't.
            {read.errors.length > 0 && ` ${count(read.errors.length, 'row')} can't be read.`}
          </p>
        ) : (
          <Outcome failed={!busy && sent.kept === 0}>
            <p>
              {integer(sent.kept)} of {count(total, 'outcome')} kept
              {sent.refused.length > 0 && `, ${integer(sent.refused.length)} refused`}.{' '}
              {sent.unjoined > 0 &&
                `For ${integer(sent.unjoined)} of these candidates nothing had been predicted long enough before, so they measure no model.`}
            </p>
          </Outcome>
        )}
      </div>
      {busy && <progress aria-label="Outcomes sent" max={total} value={handled} />}
      {problem && <ProblemNotice problem={problem} />}
      {total > 0 && (sent === null || problem) && (
        <div class="actions">
          <button type="button" class="button button-primary" aria-disabled={busy} onClick={onSend}>
            {busy ? 'Sending…' : problem ? 'Send again' : `Report ${count(total, 'outcome')}`}
          </button>
        </div>
      )}
      {wrong.length > 0 && (
        <DataTable caption="Rows that weren't reported" columns={WRONG} rows={wrong} rowKey={({ row }) => row} />
      )}
    </section>
  );
}

const WRONG: TableColumn<RowError>[] = [
  { key: 'row', label: 'Row', numeric: true, cell: ({ row }) => integer(row) },
  { key: 'reason', label: 'What is wrong', cell: ({ reason }) => reason },
];
