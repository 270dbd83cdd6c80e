import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import type { Contract, Prediction, Ranked, ScoredOrder } from '../api/types.ts';
import { CITY, COMPANY_SIZE, EXPERIENCE, IDENTIFIER } from '../lib/contract.ts';
import { DataTable, SortableTable, type TableColumn } from './DataTable.tsx';
import type { Scale } from '../lib/verdict.ts';
import { Histogram } from './Histogram.tsx';
import { featureColumns, resultColumns, rowColumn } from './predictionColumns.tsx';
import { ScoredDownloads } from './ScoredDownloads.tsx';
import './ScoredCandidates.css';

interface Props {
  contract: Contract;
  /** How many probabilities are in each tenth. */
  scores: readonly number[];
  scoresTitle: string;
  scale: Scale;
  /** The candidates by rank, as far as they have been loaded. */
  rows: readonly Ranked[];
  /** Columns that only the file has. */
  others?: readonly TableColumn<Ranked>[];
  /** Whether the headings put them in another order; only where all are loaded. */
  sortable?: boolean;
  onEnd?: (() => void) | undefined;
  /** Whether only those are listed that reach the threshold. */
  aboveOnly: boolean;
  onAboveOnly: (aboveOnly: boolean) => void;
  save: (order: ScoredOrder) => void | Promise<void>;
  saveWithOwn?: (() => Promise<void>) | undefined;
  /** Beside the downloads. */
  links?: ComponentChildren;
  /** Below the list. */
  children: ComponentChildren;
}

/** The candidates of a file by rank, how their scores spread, and the ways to keep them. */
export function ScoredCandidates(props: Props) {
  const { contract, scores, scoresTitle, scale, rows, others, sortable, onEnd, aboveOnly, onAboveOnly, save, saveWithOwn } = props;
  const columns = useMemo(() => columnsOf(contract, others ?? []), [contract, others]);
  const table = { caption: 'Ranked candidates', columns, rows, uniform: true, rowKey: ({ id }: Ranked) => id };
  return (
    <>
      <div class="section-head">
        <Histogram title={scoresTitle} counts={scores} threshold={scale.threshold} />
        <ScoredDownloads save={save} saveWithOwn={saveWithOwn} />
      </div>
      <div class="section-head">
        <button type="button" class="button" aria-pressed={aboveOnly} onClick={() => onAboveOnly(!aboveOnly)}>
          Only those above the threshold
        </button>
        {props.links}
      </div>
      {rows.length > 0 && (sortable ? <SortableTable {...table} /> : <DataTable {...table} onEnd={onEnd} />)}
      {props.children}
    </>
  );
}

/** Those of the features that people look for first; the explanation shows all. */
const FEATURES: readonly string[] = [CITY, EXPERIENCE, COMPANY_SIZE];

function columnsOf(contract: Contract, others: readonly TableColumn<Ranked>[]): TableColumn<Ranked>[] {
  const of = (row: Ranked): Prediction => row;
  return [
    { key: 'rank', label: 'Rank', numeric: true, cell: ({ rank }) => rank, rank: ({ rank }) => rank },
    ...resultColumns(of).filter(({ key }) => key === IDENTIFIER || key === 'probability'),
    ...others,
    ...FEATURES.flatMap((name) => featureColumns(contract, of).filter(({ key }) => key === name)),
    rowColumn(),
  ];
}
