import type { TargetedSubmitEvent } from 'preact';
import { useState } from 'preact/hooks';
import type { Api } from '../api/client.ts';
import { type Problem, asProblem } from '../api/problem.ts';
import type { Outcome } from '../api/types.ts';
import { useLoaded } from '../hooks/useLoaded.ts';
import { endOf, lastDays } from '../lib/dates.ts';
import { type Effect, effects } from '../lib/outcomes.ts';
import { Loading, ProblemNotice } from './Notice.tsx';
import './Outcomes.css';
import { Time } from './Time.tsx';

/** What a candidate really did, as far as it was reported, and a form to report it. */
export function Outcomes({ api, number }: { api: Api; number: number }) {
  const [reports, setReports] = useState(0);
  const loaded = useLoaded((signal) => api.candidateOutcomes(number, signal), [api, number, reports]);
  return (
    <section class="section" aria-labelledby="outcomes-title">
      <h3 id="outcomes-title">Outcomes</h3>
      {loaded.status === 'loading' && <Loading what="outcomes" />}
      {loaded.status === 'failed' && <ProblemNotice problem={loaded.problem} onRetry={loaded.retry} />}
      {loaded.status === 'ready' && <Reported outcomes={loaded.value} />}
      <Report api={api} number={number} onReported={() => setReports((count) => count + 1)} />
    </section>
  );
}

function Reported({ outcomes }: { outcomes: readonly Outcome[] }) {
  if (outcomes.length === 0) return <p class="muted">None has been reported.</p>;
  const known = effects(outcomes);
  return (
    <ul class="reported">
      {outcomes.map((outcome, index) => (
        <li key={outcome.observed_at}>
          <strong>{outcome.changed_job ? 'Changed job' : 'Did not change job'}</strong>, observed{' '}
          <Time at={outcome.observed_at} />: <Meaning of={known[index] ?? 'unjoined'} outcome={outcome} />
        </li>
      ))}
    </ul>
  );
}

function Meaning({ of, outcome: { counts_from: from } }: { of: Effect; outcome: Outcome }) {
  switch (of) {
    case 'counts':
      return <>counts.</>;
    case 'waiting':
      return <>counts{from !== null && <> from <Time at={from} /> on</>}.</>;
    case 'superseded':
      return <>a later one counts instead.</>;
    case 'unjoined':
      return <>does not count, as no prediction was made long enough before.</>;
  }
}

function Report({ api, number, onReported }: { api: Api; number: number; onReported: () => void }) {
  const { to: today } = lastDays(1);
  const [changed, setChanged] = useState('');
  const [day, setDay] = useState(today);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const submit = async (event: TargetedSubmitEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setProblem(null);
    try {
      await api.reportOutcome({ enrollee_id: number, changed_job: changed === 'yes', observed_at: endOf(day) });
      setChanged('');
      onReported();
    } catch (error) {
      setProblem(asProblem(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form class="report-outcome" aria-label="Report outcome" onSubmit={(event) => void submit(event)}>
      <div class="field">
        <label for="outcome-changed">Has this candidate changed jobs?</label>
        <select id="outcome-changed" required value={changed} onInput={(event) => setChanged(event.currentTarget.value)}>
          <option value="">Choose…</option>
          <option value="yes">Yes</option>
          <option value="no">No</option>
        </select>
      </div>
      <div class="field">
        <label for="outcome-day">Observed on</label>
        <input
          id="outcome-day"
          type="date"
          required
          max={today}
          value={day}
          onInput={(event) => setDay(event.currentTarget.value)}
        />
      </div>
      <button type="submit" class="button" aria-disabled={busy}>
        Report outcome
      </button>
      {problem && <ProblemNotice problem={problem} />}
    </form>
  );
}
