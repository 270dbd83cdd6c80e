import type { ComponentChildren, TargetedSubmitEvent } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Api, PastQuery } from '../../api/client.ts';
import type { Contract, Page, Prediction } from '../../api/types.ts';
import { DataTable, type TableColumn } from '../../components/DataTable.tsx';
import { Histogram } from '../../components/Histogram.tsx';
import { MoreRows, loadMoreAtEnd } from '../../components/MoreRows.tsx';
import { Empty, Note } from '../../components/Notice.tsx';
import { featureColumns, resultColumns } from '../../components/predictionColumns.tsx';
import { Time } from '../../components/Time.tsx';
import { usePages } from '../../hooks/usePages.ts';
import { type Period, bounds, lastDays } from '../../lib/dates.ts';
import { SOURCES, count } from '../../lib/format.ts';
import { ExportButton } from './ExportButton.tsx';
import { loadAllPredictions, predictionRecords, tenths } from './history.ts';

const PRESETS = [
  { label: 'Today', days: 1 },
  { label: '7 days', days: 7 },
  { label: '30 days', days: 30 },
  { label: '90 days', days: 90 },
];

const PAGE_SIZE = 100;

export function Past({ api, contract }: { api: Api; contract: Contract }) {
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

function PeriodPredictions({ api, contract, ...query }: { api: Api; contract: Contract } & PastQuery) {
  return (
    <PredictionList
      contract={contract}
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

interface PredictionListProps {
  contract: Contract;
  load: (cursor: string | null, signal: AbortSignal) => Promise<Page<Prediction>>;
  /** Loads all of them, for the export. */
  loadAll: (onProgress: (loaded: number) => void, signal: AbortSignal) => Promise<Prediction[]>;
  /** What `load` and `loadAll` depend on. */
  inputs: readonly unknown[];
  /** Shown if there are none. */
  children: ComponentChildren;
}

function PredictionList({ contract, load, loadAll, inputs, children }: PredictionListProps) {
  const pages = usePages(load, inputs);
  const columns = useMemo(() => columnsOf(contract), [contract]);
  const { items } = pages;
  return (
    <>
      {items.length > 0 && (
        <>
          <div class="section-head">
            <Histogram
              title={`Scores of the ${count(items.length, 'prediction')} shown`}
              counts={tenths(items.map(({ probability }) => probability))}
            />
            <ExportButton
              name="past-predictions.csv"
              noun="prediction"
              records={async (onProgress, signal) => predictionRecords(await loadAll(onProgress, signal), contract)}
            />
          </div>
          <DataTable
            caption="Past predictions"
            columns={columns}
            rows={items}
            rowKey={({ id }) => id}
            onEnd={loadMoreAtEnd(pages)}
          />
        </>
      )}
      <MoreRows pages={pages} noun="prediction">
        {children}
      </MoreRows>
    </>
  );
}

function columnsOf(contract: Contract): TableColumn<Prediction>[] {
  const of = (prediction: Prediction) => prediction;
  return [
    { key: 'created_at', label: 'When', cell: ({ created_at }) => <Time at={created_at} /> },
    ...resultColumns(of),
    { key: 'source', label: 'Source', cell: ({ source }) => SOURCES[source] },
    { key: 'model_version', label: 'Model', cell: ({ model_version }) => <code>{model_version}</code> },
    ...featureColumns(contract, of),
  ];
}
