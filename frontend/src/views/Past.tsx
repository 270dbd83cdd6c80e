import { useMemo, useState } from 'preact/hooks';
import type { Api } from '../api.ts';
import { DataTable, type TableColumn } from '../components/DataTable.tsx';
import { MoreRows } from '../components/MoreRows.tsx';
import { Empty, Note } from '../components/Notice.tsx';
import { featureColumns, resultColumns } from '../components/predictionColumns.tsx';
import { Time } from '../components/Time.tsx';
import { type Period, bounds, lastDays } from '../dates.ts';
import { usePages } from '../loading.ts';
import type { Contract, Prediction, Source } from '../shapes.ts';

const PRESETS = [
  { label: 'Today', days: 1 },
  { label: '7 days', days: 7 },
  { label: '30 days', days: 30 },
];

const SOURCES: Record<Source, string> = { webapp: 'This page', scheduled: 'Scheduled', api: 'API' };

export function Past({ api, contract }: { api: Api; contract: Contract }) {
  const [period, setPeriod] = useState(() => lastDays(7));
  const [source, setSource] = useState('all');
  const range = bounds(period);

  return (
    <>
      <h1>Past predictions</h1>
      <p class="lead">Every stored prediction, newest first, in your local time.</p>
      <div class="filters" role="group" aria-label="Filters">
        <PeriodFilter period={period} onPeriod={setPeriod} />
        <div class="field">
          <label for="source">Source</label>
          <select id="source" value={source} onInput={(event) => setSource(event.currentTarget.value)}>
            <option value="all">All sources</option>
            {Object.entries(SOURCES).map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
        </div>
      </div>
      {range ? (
        <Predictions api={api} contract={contract} start={range.start} end={range.end} source={source} />
      ) : (
        <Note>Choose a first and a last day, the first one not after the last.</Note>
      )}
    </>
  );
}

function PeriodFilter({ period, onPeriod }: { period: Period; onPeriod: (period: Period) => void }) {
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
          onChange={(event) => onPeriod({ ...period, from: event.currentTarget.value })}
        />
      </div>
      <div class="field">
        <label for="to">To</label>
        <input
          id="to"
          type="date"
          value={period.to}
          onChange={(event) => onPeriod({ ...period, to: event.currentTarget.value })}
        />
      </div>
    </>
  );
}

interface PredictionsProps {
  api: Api;
  contract: Contract;
  start: string;
  end: string;
  source: string;
}

function Predictions({ api, contract, start, end, source }: PredictionsProps) {
  const pages = usePages(
    (cursor, signal) => api.past({ start, end, source }, cursor, signal),
    [api, start, end, source],
  );
  const columns = useMemo(() => pastColumns(contract), [contract]);
  return (
    <>
      {pages.items.length > 0 && (
        <DataTable caption="Past predictions" columns={columns} rows={pages.items} rowKey={({ id }) => id} />
      )}
      <MoreRows pages={pages} what="prediction">
        <Empty title="No predictions in this period">
          Choose a longer period or another source, or <a href="#predict">predict for a candidate</a>.
        </Empty>
      </MoreRows>
    </>
  );
}

function pastColumns(contract: Contract): TableColumn<Prediction>[] {
  const of = (prediction: Prediction) => prediction;
  return [
    { key: 'created_at', label: 'When', cell: ({ created_at }) => <Time at={created_at} /> },
    ...resultColumns(of),
    { key: 'source', label: 'Source', cell: ({ source }) => SOURCES[source] ?? source },
    { key: 'model_version', label: 'Model', cell: ({ model_version }) => <code>{model_version}</code> },
    ...featureColumns(contract, of),
  ];
}
