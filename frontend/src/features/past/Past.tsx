import type { TargetedSubmitEvent } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Api, Range } from '../../api/client.ts';
import type { Contract } from '../../api/types.ts';
import { Empty, Note } from '../../components/Notice.tsx';
import { type Period, bounds, lastDays } from '../../lib/dates.ts';
import { SOURCES } from '../../lib/format.ts';
import { FilePredictions } from './FilePredictions.tsx';
import { loadAllPredictions } from './history.ts';
import { PAGE_SIZE, PredictionList, WHEN } from './PredictionList.tsx';

const PRESETS = [
  { label: 'Today', days: 1 },
  { label: '7 days', days: 7 },
  { label: '30 days', days: 30 },
  { label: '90 days', days: 90 },
];

const EXPORT_NAME = 'past-predictions.csv';

/** All past predictions; or, with a file's id, those of the file. */
export function Past({ api, contract, fileId }: { api: Api; contract: Contract; fileId: string }) {
  if (fileId === '') return <FilteredPredictions api={api} contract={contract} />;
  return <FilePredictions key={fileId} api={api} contract={contract} fileId={fileId} />;
}

function FilteredPredictions({ api, contract }: { api: Api; contract: Contract }) {
  const [period, setPeriod] = useState(() => lastDays(7));
  const [source, setSource] = useState('all');
  const [candidate, setCandidate] = useState('');
  const range = bounds(period);

  return (
    <>
      <h1>Past predictions</h1>
      <p class="lead">Every stored prediction, newest first, in your local time.</p>
      <div class="filters" role="group" aria-label="Filters">
        <PeriodFilter period={period} disabled={candidate !== ''} onPeriod={setPeriod} />
        <div class="field">
          <label for="source">Source</label>
          <select
            id="source"
            value={source}
            disabled={candidate !== ''}
            onInput={(event) => setSource(event.currentTarget.value)}
          >
            <option value="all">All sources</option>
            {Object.entries(SOURCES).map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
        </div>
        <CandidateFilter onCandidate={setCandidate} />
      </div>
      {candidate !== '' ? (
        <CandidatePredictions api={api} contract={contract} candidate={candidate} />
      ) : range ? (
        <PeriodPredictions api={api} contract={contract} start={range.start} end={range.end} source={source} />
      ) : (
        <Note>Choose a first and a last day, the first one not after the last.</Note>
      )}
    </>
  );
}

interface PeriodProps {
  period: Period;
  disabled: boolean;
  onPeriod: (period: Period) => void;
}

function PeriodFilter({ period, disabled, onPeriod }: PeriodProps) {
  return (
    <>
      <div class="presets" role="group" aria-label="Period">
        {PRESETS.map(({ label, days }) => {
          const preset = lastDays(days);
          return (
            <button
              key={label}
              type="button"
              class="button"
              disabled={disabled}
              aria-pressed={preset.from === period.from && preset.to === period.to}
              onClick={() => onPeriod(preset)}
            >
              {label}
            </button>
          );
        })}
      </div>
      <div class="field">
        <label for="from">From</label>
        <input
          id="from"
          type="date"
          value={period.from}
          disabled={disabled}
          onChange={(event) => onPeriod({ ...period, from: event.currentTarget.value })}
        />
      </div>
      <div class="field">
        <label for="to">To</label>
        <input
          id="to"
          type="date"
          value={period.to}
          disabled={disabled}
          onChange={(event) => onPeriod({ ...period, to: event.currentTarget.value })}
        />
      </div>
    </>
  );
}

/** Selects one candidate's predictions; emptied, it returns to the period's. */
function CandidateFilter({ onCandidate }: { onCandidate: (candidate: string) => void }) {
  const [text, setText] = useState('');
  useEffect(() => {
    if (text === '') onCandidate('');
  }, [text]);
  const submit = (event: TargetedSubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    onCandidate(text.trim());
  };
  return (
    <form class="search" role="search" onSubmit={submit}>
      <div class="field">
        <label for="candidate">Candidate number</label>
        <input
          id="candidate"
          type="search"
          inputMode="numeric"
          autocomplete="off"
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </div>
      <button type="submit" class="button">
        Find
      </button>
    </form>
  );
}

function PeriodPredictions({ api, contract, ...query }: { api: Api; contract: Contract } & Range & { source: string }) {
  return (
    <PredictionList
      contract={contract}
      first={WHEN}
      exportName={EXPORT_NAME}
      load={(cursor, signal) => api.pastPredictions(query, cursor, PAGE_SIZE, signal)}
      loadAll={(onProgress, signal) => loadAllPredictions(api, query, onProgress, signal)}
      inputs={[api, query.start, query.end, query.source]}
    >
      <Empty title="No predictions in this period">
        Choose a longer period or another source, or <a href="#predict">predict for a candidate</a>.
      </Empty>
    </PredictionList>
  );
}

function CandidatePredictions({ api, contract, candidate }: { api: Api; contract: Contract; candidate: string }) {
  return (
    <>
      <Note>All predictions of candidate {candidate}, from every source and time. Empty the field to go back.</Note>
      <PredictionList
        contract={contract}
        first={WHEN}
        exportName={EXPORT_NAME}
        load={async (_, signal) => ({ items: await api.candidatePredictions(candidate, signal), next: null })}
        loadAll={(_, signal) => api.candidatePredictions(candidate, signal)}
        inputs={[api, candidate]}
      >
        <Empty title="No predictions of this candidate">
          There are none under the number {candidate}. Predictions are stored for a limited time.
        </Empty>
      </PredictionList>
    </>
  );
}
