import type { CsvPage } from '../../api/types.ts';
import { integer } from '../../lib/format.ts';

/** A CSV file as far as it has been fetched. */
export interface PartialCsv {
  pages: readonly string[];
  /** Without the header. */
  rows: number;
  /** About how many there will be; null before the first page. */
  total: number | null;
  /** The cursor of the next page; null before the first and after the last. */
  next: string | null;
}

export const NOTHING_YET: PartialCsv = { pages: [], rows: 0, total: null, next: null };

/**
 * Fetches the rest of a file page by page and returns it whole; `onProgress` gets it after each page, so that after a
 * failure it can go on from there.
 */
export async function fetchRest(
  csv: PartialCsv,
  load: (cursor: string | null, signal: AbortSignal) => Promise<CsvPage>,
  onProgress: (csv: PartialCsv) => void,
  signal: AbortSignal,
): Promise<PartialCsv> {
  let fetched = csv;
  do {
    const { text, next, total } = await load(fetched.next, signal);
    const header = fetched.pages.length === 0 ? 1 : 0;
    fetched = {
      pages: [...fetched.pages, text],
      rows: fetched.rows + lines(text) - header,
      total: fetched.total ?? total,
      next,
    };
    onProgress(fetched);
  } while (fetched.next !== null && !signal.aborted);
  return fetched;
}

/** "12,400 of about 20,000 rows" */
export function progressText({ rows, total }: PartialCsv): string {
  if (total === null) return 'Asking for the first rows…';
  const all = total > rows ? ` of about ${integer(total)}` : '';
  return `${integer(rows)}${all} rows`;
}

function lines(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count++;
  return count;
}
