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

/** One candidate as sent: values by column name, unknown ones left out. The API validates them. */
export type Candidate = Record<string, Value>;

export type Source = Prediction['source'];

export interface Page<Item> {
  items: Item[];
  /** The cursor of the next page; null on the last one. */
  next: string | null;
}
