/** The API's shapes as the page uses them. Times are RFC 3339 UTC, probabilities are in [0, 1], `null` is "not known". */

export type {
  Aliases,
  Column,
  Comparison,
  Contract,
  Contribution,
  Criticality,
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
  Quality,
  Run,
  Scores,
  Traffic,
  Upload,
  Verdict,
} from './schema.ts';

import type { Prediction } from './schema.ts';

export type Value = string | number;

/** One candidate as sent: a value by column name; what isn't known is left out. Right or wrong is for the API to say. */
export type Candidate = Record<string, Value>;

export type Source = Prediction['source'];

export interface Page<Item> {
  items: Item[];
  /** Where the next page begins; null on the last one. */
  next: string | null;
}

export interface Queue {
  queue: 'ingest' | 'score' | 'recover';
  messages: number;
  samples: { id: string; file_id: string | null; part: number | null; name: string | null; reason: string | null; received: number; sent_at: string }[];
}

/** What has been erased of a candidate so far: how many of each kind of record. */
export interface Receipt {
  status: 'RUNNING' | 'COMPLETE';
  erased: Record<string, number>;
  at: string | null;
}
