import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import type { Contract, Page, Prediction } from '../../api/types.ts';
import { SortableTable, type TableColumn } from '../../components/DataTable.tsx';
import { Histogram } from '../../components/Histogram.tsx';
import { MoreRows, loadMoreAtEnd } from '../../components/MoreRows.tsx';
import { VersionLink } from '../../components/VersionLink.tsx';
import { featureColumns, resultColumns } from '../../components/predictionColumns.tsx';
import { Time } from '../../components/Time.tsx';
import { usePages } from '../../hooks/usePages.ts';
import { SOURCES, count } from '../../lib/format.ts';
import { tenths } from '../../lib/scores.ts';
import { ExportButton } from './ExportButton.tsx';
import { predictionRecords } from './history.ts';

export const PAGE_SIZE = 100;

interface Props {
  contract: Contract;
  /** The list's own column, before those that every list has. */
  first: TableColumn<Prediction>;
  /** What the file is called that all are saved in. */
  exportName: string;
  load: (cursor: string | null, signal: AbortSignal) => Promise<Page<Prediction>>;
  /** Loads all of them, for the export. */
  loadAll: (onProgress: (loaded: number) => void, signal: AbortSignal) => Promise<Prediction[]>;
  /** What `load` and `loadAll` depend on. */
  inputs: readonly unknown[];
  /** Shown if there are none. */
  children: ComponentChildren;
}

/** Stored predictions, page by page, with how their scores spread, and a way to keep all of them. */
export function PredictionList({ contract, first, exportName, load, loadAll, inputs, children }: Props) {
  const pages = usePages(load, inputs);
  const { items } = pages;
  const columns = useMemo(() => columnsOf(contract, first), [contract, first]);
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
              name={exportName}
              noun="prediction"
              records={async (onProgress, signal) => predictionRecords(await loadAll(onProgress, signal), contract)}
            />
          </div>
          <SortableTable
            caption="Past predictions"
            columns={columns}
            rows={items}
            rowKey={({ id }) => id}
            uniform
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

/** When each was made. */
export const WHEN: TableColumn<Prediction> = {
  key: 'created_at',
  label: 'When',
  cell: ({ created_at }) => <Time at={created_at} />,
  rank: ({ created_at }) => created_at,
  descendingFirst: true,
};

function columnsOf(contract: Contract, first: TableColumn<Prediction>): TableColumn<Prediction>[] {
  const of = (prediction: Prediction) => prediction;
  return [
    first,
    ...resultColumns(of),
    { key: 'source', label: 'Source', cell: ({ source }) => SOURCES[source], rank: ({ source }) => SOURCES[source] },
    {
      key: 'file',
      label: 'File',
      cell: ({ file_id, row }) =>
        file_id === null ? <span class="missing">–</span> : <a href={`#files/${file_id}`}>Row {row}</a>,
    },
    { key: 'model_version', label: 'Model', cell: ({ model_version }) => <VersionLink version={model_version} /> },
    ...featureColumns(contract, of),
  ];
}
