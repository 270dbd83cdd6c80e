import type { ScoredFile } from '../../api/types.ts';

/** The answer to a file, with what it holds beside the predictions and is stored nowhere: names, and refused rows. */
export interface Answer {
  /** The file's. */
  name: string;
  result: ScoredFile;
}

const KEY = 'job-change.answers';
/** Browsers keep some five million in all. */
const MOST_CHARACTERS = 2_000_000;

/** Where answers are kept: the session storage of the tab, which signing out empties. */
type Storage = Pick<globalThis.Storage, 'getItem' | 'setItem'>;

/** Keeps as many of somebody's answers as there is room for, the first ones first; returns how many those are. */
export function keepAnswers(owner: string, answers: readonly Answer[], storage: Storage = sessionStorage): number {
  let room = MOST_CHARACTERS;
  const fitting = answers.findIndex((answer) => (room -= JSON.stringify(answer).length) < 0);
  for (let number = fitting === -1 ? answers.length : fitting; number >= 0; number--) {
    try {
      storage.setItem(KEY, JSON.stringify({ owner, answers: answers.slice(0, number) }));
      return number;
    } catch {
      // Less room than there should be.
    }
  }
  return 0;
}

/** What was kept in this tab for the same person. */
export function keptAnswers(owner: string, storage: Storage = sessionStorage): Answer[] {
  try {
    const kept = JSON.parse(storage.getItem(KEY) ?? 'null') as { owner: string; answers: Answer[] } | null;
    return kept?.owner === owner ? kept.answers : [];
  } catch {
    return [];
  }
}
