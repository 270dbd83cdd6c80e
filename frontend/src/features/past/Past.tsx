import type { TargetedSubmitEvent } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Api } from '../../api/client.ts';
import type { Contract } from '../../api/types.ts';
import { Empty, Note } from '../../components/Notice.tsx';
import { type Query, changeQuery } from '../../hooks/useRoute.ts';
import { type Period, bounds, lastDays } from '../../lib/dates.ts';
import { SOURCES } from '../../lib/format.ts';
import { FilePredictions } from './FilePredictions.tsx';
import { RequestPredictions } from './RequestPredictions.tsx';
import { PredictionList, WHEN } from './PredictionList.tsx';

const PRESETS = [
  { label: 'Today', days: 1 },
  { label: '7 days', days: 7 },
  { label: '30 days', days: 30 },
  { label: '90 days', days: 90 },
];

const USUAL_DAYS = 7;

interface Props {
  api: Api;
  contract: Contract;
  fileId: string;
  query: Query;
}

/** All past predictions; or those of one file, or of one request. What is shown is in the address. */
export function Past({ api, contract, fileId, query }: Props) {
  if (query.with) return <RequestPredictions api={api} contract={contract} predictionId={query.with} />;
  if (fileId === '') return <FilteredPredictions api={api} contract={contract} query={query} />;
  return <FilePredictions key={fileId} api={api} contract={contract} fileId={fileId} />;
}

/** The period in the address: `days` until now, or `from` and `to`; a week without any. */
function periodOf({ days, from = '', to = '' }: Query): Period {
  if (from !== '' || to !== '') return { from, to };
  return lastDays(PRESETS.find((preset) => String(preset.days) === days)?.days ?? USUAL_DAYS);
}

function FilteredPredictions({ api, contract, query }: Omit<Props, 'fileId'>) {
  const period = periodOf(query);
  const source = query.source && Object.hasOwn(SOURCES, query.source) ? query.source : 'all';
  const candidate = query.candidate ?? '';
  const range = bounds(period);

  return (
    <>
      <h1>Past predictions</h1>
      <p class="lead">Every stored prediction, newest first, in your local time.</p>
      <div class="filters" role="group" aria-label="Filters">
        <PeriodFilter period={period} disabled={candidate !== ''} />
        <div class="field">
          <label for="source">Source</label>
          <select
            id="source"
            value={source}
            disabled={candidate !== ''}
            onInput={({ currentTarget: { value } }) => changeQuery({ source: value === 'all' ? '' : value })}
          >
            <option value="all">All sources</option>
            {Object.entries(SOURCES).map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
        </div>
        <CandidateFilter key={candidate} candidate={candidate} />
      </div>
      {candidate !== '' ? (
        <CandidatePredictions api={api} contract={contract} candidate={candidate} />
      ) : range ? (
        <PredictionList
          api={api}
          contract={contract}
          query={{ ...range, source }}
          first={WHEN}
          exportName={`predictions-${period.from}-to-${period.to}.csv`}
        >
          <Empty title="No predictions in this period">
            Choose a longer period or another source, or <a href="#predict">predict for a candidate</a>.
          </Empty>
        </PredictionList>
      ) : (
        <Note>Choose a first and a last day. The first day must not be after the last.</Note>
      )}
    </>
  );
}

function PeriodFilter({ period, disabled }: { period: Period; disabled: boolean }) {
  const choose = (chosen: Period): void => changeQuery({ ...chosen, days: '' });
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
              onClick={() => changeQuery({ days: days === USUAL_DAYS ? '' : String(days), from: '', to: '' })}
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
          onChange={(event) => choose({ ...period, from: event.currentTarget.value })}
        />
      </div>
      <div class="field">
        <label for="to">To</label>
        <input
          id="to"
          type="date"
          value={period.to}
          disabled={disabled}
          onChange={(event) => choose({ ...period, to: event.currentTarget.value })}
        />
      </div>
    </>
  );
}

/** Selects one candidate's predictions; cleared, it returns to the period's. */
function CandidateFilter({ candidate }: { candidate: string }) {
  const [text, setText] = useState(candidate);
  useEffect(() => {
    if (text === '') changeQuery({ candidate: '' });
  }, [text]);
  const submit = (event: TargetedSubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    changeQuery({ candidate: text.trim() });
  };
  return (
    <form class="search" role="search" onSubmit={submit}>
      <div class="field">
        <label for="candidate">Candidate number</label>
        <input
          id="candidate"
          type="search"
          inputMode="numeric"
          pattern="\s*[0-9]+\s*"
          title="A candidate number has digits only."
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

function CandidatePredictions({ api, contract, candidate }: { api: Api; contract: Contract; candidate: string }) {
  return (
    <>
      <Note>All predictions for candidate {candidate}, from every source and time. Clear the search to go back.</Note>
      <PredictionList
        api={api}
        contract={contract}
        query={{ enrollee_id: candidate }}
        first={WHEN}
        exportName={`predictions-of-candidate-${candidate}.csv`}
      >
        <Empty title="No predictions for this candidate">
          There are none under the number {candidate}. Predictions are stored for a limited time.
        </Empty>
      </PredictionList>
    </>
  );
}
