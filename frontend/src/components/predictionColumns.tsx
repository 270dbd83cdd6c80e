import type { Column, Contract, Prediction, Value } from '../api/types.ts';
import { IDENTIFIER, inputColumns, isNumeric, levelLabel } from '../lib/contract.ts';
import { CandidateLink } from './CandidateLink.tsx';
import type { TableColumn } from './DataTable.tsx';
import { ProbabilityCell, VerdictCell } from './ProbabilityCell.tsx';

/** The columns of the result. `of` gets the prediction from a table's row. */
export function resultColumns<Row>(of: (row: Row) => Prediction): TableColumn<Row>[] {
  return [
    {
      key: IDENTIFIER,
      label: 'Candidate',
      numeric: true,
      cell: (row) => <CandidateLink prediction={of(row)} />,
      rank: (row) => of(row).enrollee_id,
    },
    {
      key: 'probability',
      label: 'Probability',
      cell: (row) => <ProbabilityCell probability={of(row).probability} willChange={of(row).will_change} />,
      rank: (row) => of(row).probability,
      descendingFirst: true,
    },
    {
      key: 'will_change',
      label: 'Threshold',
      cell: (row) => <VerdictCell willChange={of(row).will_change} />,
      rank: (row) => Number(of(row).will_change),
      descendingFirst: true,
    },
  ];
}

/** The columns of the features, in the contract's order. */
export function featureColumns<Row>(contract: Contract, of: (row: Row) => Prediction): TableColumn<Row>[] {
  return inputColumns(contract)
    .filter((column) => column.name !== IDENTIFIER)
    .map((column) => ({
      key: column.name,
      label: column.label,
      numeric: isNumeric(column),
      cell: (row) => <FeatureValue column={column} value={of(row).features[column.name]} />,
      rank: (row) => rank(column, of(row).features[column.name]),
    }));
}

/** The number of the row in its file. */
export function rowColumn<Row extends { row: number | null }>(): TableColumn<Row> {
  return { key: 'row', label: 'Row', numeric: true, cell: ({ row }) => valueOrDash(row), rank: ({ row }) => row };
}

function FeatureValue({ column, value }: { column: Column; value: Value | null | undefined }) {
  return value === null || value === undefined ? <span class="missing">–</span> : <>{levelLabel(column, String(value))}</>;
}

export function valueOrDash(value: Value | null | undefined) {
  return value ?? <span class="missing">–</span>;
}

/** Ordinal levels rank in the contract's order. */
function rank(column: Column, value: Value | null | undefined): Value | null {
  if (value === null || value === undefined) return null;
  return column.kind === 'ordinal' ? column.levels.indexOf(String(value)) : value;
}
