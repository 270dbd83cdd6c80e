import type { Api, PastQuery } from '../../api/client.ts';
import type { Contract, Prediction } from '../../api/types.ts';
import { IDENTIFIER, inputColumns } from '../../lib/contract.ts';
import type { CsvCell } from '../../lib/csv.ts';

/** The largest page that the API returns. */
const PAGE_SIZE = 1000;

/** Every prediction of a query, loaded page by page; `onProgress` gets their number so far. */
export async function loadAllPredictions(
  api: Pick<Api, 'pastPredictions'>,
  query: PastQuery,
  onProgress: (loaded: number) => void,
  signal: AbortSignal,
): Promise<Prediction[]> {
  const all: Prediction[] = [];
  let cursor: string | null = null;
  do {
    const page = await api.pastPredictions(query, cursor, PAGE_SIZE, signal);
    all.push(...page.items);
    onProgress(all.length);
    cursor = page.next;
  } while (cursor !== null);
  return all;
}

/** Predictions as a table, features in the contract's order. */
export function predictionRecords(predictions: readonly Prediction[], contract: Contract): CsvCell[][] {
  const features = inputColumns(contract)
    .map((column) => column.name)
    .filter((name) => name !== IDENTIFIER);
  return [
    ['created_at', 'source', IDENTIFIER, 'probability', 'will_change', 'model_version', ...features, 'file_id', 'row', 'id'],
    ...predictions.map((prediction) => [
      prediction.created_at,
      prediction.source,
      prediction.enrollee_id,
      prediction.probability,
      prediction.will_change,
      prediction.model_version,
      ...features.map((name) => prediction.features[name] ?? null),
      prediction.file_id,
      prediction.row,
      prediction.id,
    ]),
  ];
}
