import type { ComponentChildren, TargetedSubmitEvent } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Api, PastQuery } from '../../api/client.ts';
import { DataTable, type TableColumn } from '../../components/DataTable.tsx';
import { ExportButton } from './ExportButton.tsx';
import { Histogram } from '../../components/Histogram.tsx';
import { MoreRows, atEnd } from '../../components/MoreRows.tsx';
import { Empty, Note } from '../../components/Notice.tsx';
import { featureColumns, resultColumns } from '../../components/predictionColumns.tsx';
import { Time } from '../../components/Time.tsx';
import { type Period, bounds, lastDays } from '../../lib/dates.ts';
import { usePages } from '../../hooks/useLoaded.ts';
import { everyPast, pastRecords, tenths } from './history.ts';
import type { Contract, Page, Prediction } from '../../api/types.ts';
import { SOURCES, count } from '../../lib/format.ts';

const PRESETS = [
  { label: 'Today', days: 1 },
  { label: '7 days', days: 7 },
  { label: '30 days', days: 30 },
  { label: '90 days', days: 90 },
];

const PAGE = 100;

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
        <OfCandidate api={api} contract={contract} candidate={candidate} />
      ) : range ? (
        <InPeriod api={api} contract={contract} start={range.start} end={range.end} source={source} />
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

/** Finds one candidate's predictions; emptied, it shows the period's again. */
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

function InPeriod({ api, contract, ...query }: { api: Api; contract: Contract } & PastQuery) {
  return (
    <Predictions
      contract={contract}
      load={(cursor, signal) => api.past(query, cursor, PAGE, signal)}
      all={(onSome, signal) => everyPast(api, query, onSome, signal)}
      inputs={[api, query.start, query.end, query.source]}
    >
      <Empty title="No predictions in this period">
        Choose a longer period or another source, or <a href="#predict">predict for a candidate</a>.
      </Empty>
    </Predictions>
  );
}

function OfCandidate({ api, contract, candidate }: { api: Api; contract: Contract; candidate: string }) {
  return (
    <>
      <Note>All predictions of candidate {candidate}, from every source and time. Empty the field to go back.</Note>
      <Predictions
        contract={contract}
        load={async (_, signal) => ({ items: await api.ofCandidate(candidate, signal), next: null })}
        all={(_, signal) => api.ofCandidate(candidate, signal)}
        inputs={[api, candidate]}
      >
        <Empty title="No predictions of this candidate">
          There are none under the number {candidate}. Predictions are kept for a limited time.
        </Empty>
      </Predictions>
    </>
  );
}

interface PredictionsProps {
  contract: Contract;
  load: (cursor: string | null, signal: AbortSignal) => Promise<Page<Prediction>>;
  /** All of them, for the file to keep. */
  all: (onSome: (many: number) => void, signal: AbortSignal) => Promise<Prediction[]>;
  /** What the two depend on. */
  inputs: readonly unknown[];
  /** Shown where there are none. */
  children: ComponentChildren;
}

function Predictions({ contract, load, all, inputs, children }: PredictionsProps) {
  const pages = usePages(load, inputs);
  const columns = useMemo(() => pastColumns(contract), [contract]);
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
              what="prediction"
              records={async (onSome, signal) => pastRecords(await all(onSome, signal), contract)}
            />
          </div>
          <DataTable
            caption="Past predictions"
            columns={columns}
            rows={items}
            rowKey={({ id }) => id}
            onEnd={atEnd(pages)}
          />
        </>
      )}
      <MoreRows pages={pages} what="prediction">
        {children}
      </MoreRows>
    </>
  );
}

function pastColumns(contract: Contract): TableColumn<Prediction>[] {
  const of = (prediction: Prediction) => prediction;
  return [
    { key: 'created_at', label: 'When', cell: ({ created_at }) => <Time at={created_at} /> },
    ...resultColumns(of),
    { key: 'source', label: 'Source', cell: ({ source }) => SOURCES[source] },
    { key: 'model_version', label: 'Model', cell: ({ model_version }) => <code>{model_version}</code> },
    ...featureColumns(contract, of),
  ];
}
