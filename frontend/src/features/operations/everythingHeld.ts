import type { Operator } from '../../api/operator.ts';
import type { SubjectAccess } from '../../api/types.ts';

/** All that is held about a person as one document; `onProgress` gets the number of records so far. */
export async function loadEverythingHeld(
  operator: Pick<Operator, 'held'>,
  enrolleeId: string,
  onProgress: (records: number) => void,
  signal: AbortSignal,
): Promise<SubjectAccess> {
  let held = await operator.held(enrolleeId, null, signal);
  onProgress(records(held));
  while (held.next_cursor !== null && !signal.aborted) {
    const page = await operator.held(enrolleeId, held.next_cursor, signal);
    held = {
      ...page,
      predictions: [...held.predictions, ...page.predictions],
      outcomes: [...held.outcomes, ...page.outcomes],
      training: [...held.training, ...page.training],
      files: [...held.files, ...page.files],
      waiting: held.waiting + page.waiting,
    };
    onProgress(records(held));
  }
  return held;
}

/** What an operator has to know before the document is handed out. */
export function cautions({ training, files, waiting }: SubjectAccess): string[] {
  const places = [...training, ...files];
  const readable = places.filter(({ mentions }) => !mentions);
  const cases: [boolean, string][] = [
    [
      places.some(({ rows }) => rows.some(({ certain }) => !certain)),
      'Rows that aren’t “certain” may be somebody else’s: their number is damaged, or their line can’t be split.',
    ],
    [
      places.length > readable.length,
      'A file that “mentions” the number was rejected as a whole: it has the number somewhere, or can’t be read.',
    ],
    [
      readable.some(({ found, rows }) => found > rows.length),
      'Not all rows are shown: a duplicate’s are shown with the earlier file, and of very many rows only the first.',
    ],
    [waiting > 0, 'Some files are being checked just now. Ask again in a few minutes.'],
  ];
  return cases.filter(([applies]) => applies).map(([, caution]) => caution);
}

const records = ({ predictions, outcomes, training, files }: SubjectAccess): number =>
  predictions.length + outcomes.length + training.length + files.length;
