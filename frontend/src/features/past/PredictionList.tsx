import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import type { Api, PastQuery } from '../../api/client.ts';
import type { Contract, Prediction } from '../../api/types.ts';
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

const PAGE_SIZE = 100;

interface Props {
  api: Api;
  contract: Contract;
  query: PastQuery;
  /** The list's own column, before those that every list has. */
  first: TableColumn<Prediction>;
  /** What the file is called that all are saved in. */
  exportName: string;
  /** Shown if there are none. */
  children: ComponentChildren;
}

/** Stored predictions, page by page, with how their scores spread, and a way to keep all of them. */
export function PredictionList({ api, contract, query, first, exportName, children }: Props) {
  const inputs = [api, JSON.stringify(query)];
  const pages = usePages((cursor, signal) => api.pastPredictions(query, cursor, PAGE_SIZE, signal), inputs);
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
            <ExportButton name={exportName} load={(cursor, signal) => api.exportPredictions(query, cursor, signal)} />
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
