/** What a file of candidates may be called, and what its name says of how it is sent. */

/** For a file chooser. Of `.csv.gz` browsers look at the last ending only. */
export const ACCEPTED = '.csv,.tsv,.txt,.gz,.xlsx,text/csv,text/tab-separated-values';

/** The endings, for people. */
export const ENDINGS = '.csv, .tsv or .txt, each also packed as .gz, or .xlsx';

const TEXT = /\.(csv|tsv|txt)(\.gz)?$/i;
const WORKBOOK = /\.xlsx$/i;

export function isAccepted(name: string): boolean {
  return TEXT.test(name) || WORKBOOK.test(name);
}

/** The media type with which a file can be scored at once; null where it can't be, as a workbook. */
export function textType(name: string): string | null {
  const ending = TEXT.exec(name);
  if (ending === null) return null;
  return ending[2] === undefined ? 'text/csv' : 'application/gzip';
}

/** A name without its endings: "May" for May.csv.gz. */
export function stem(name: string): string {
  return name.replace(TEXT, '').replace(WORKBOOK, '');
}
