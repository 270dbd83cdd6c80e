/** The API's schemas as the page uses them. Times are RFC 3339 UTC, probabilities are in [0, 1], `null` is "not known". */

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
  Severity,
  Traffic,
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

export interface Queue {
  queue: 'ingest' | 'score' | 'data_request';
  messages: number;
  samples: { id: string; file_id: string | null; part: number | null; name: string | null; reason: string | null; received: number; sent_at: string }[];
}

/** The receipt of an erasure: how many records of each kind have been erased so far. */
export interface Receipt {
  status: 'RUNNING' | 'COMPLETE';
  erased: Record<string, number>;
  at: string | null;
}
