/** The APIs' schemas as the page uses them. Times are RFC 3339 UTC, probabilities are in [0, 1], `null` is "not known". */

export type {
  Aliases,
  Column,
  Comparison,
  Contract,
  Contribution,
  Criticality,
  DeadLetterQueue,
  DeadLetters,
  Drift,
  DriftByDay,
  FieldError,
  File as FileRecord,
  FileWithExamples,
  Gate,
  ListedModel,
  LiveVersions,
  Me,
  Model,
  Prediction,
  Promotion,
  Quality,
  Queue,
  Receipt,
  Redrive,
  Redriven,
  Replay,
  Run,
  Scores,
  Severity,
  Traffic,
  TrainingStarted,
  Upload,
  Verdict,
} from './schema.ts';

import type { Prediction } from './schema.ts';

export type Value = string | number;

/** What is wrong with one row of a file; `column` is null where it is the whole row. */
export interface RowIssue {
  type: string;
  column: string | null;
  value: string | null;
  message: string;
}

/** A row of a file that couldn't be scored; `row` counts from 1 below the header. */
export interface RefusedRow {
  row: number;
  issues: RowIssue[];
}

/** What was seen in a file and kept no row from being scored. */
export interface FileNote {
  type: string;
  column: string | null;
  rows: number;
  message: string;
}

/** A file that was scored at once. Each row is in one of the two lists, both in the order of the file. */
export interface ScoredFile {
  predictions: Prediction[];
  refused: RefusedRow[];
  notes: FileNote[];
}

/** One candidate as sent: values by column name, unknown ones left out. The API validates them. */
export type Candidate = Record<string, Value>;

export type Source = Prediction['source'];

export interface Page<Item> {
  items: Item[];
  /** The cursor of the next page; null on the last one. */
  next: string | null;
}
