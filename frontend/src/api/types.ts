/** The APIs' schemas as the page uses them. Times are RFC 3339 UTC, probabilities are in [0, 1], `null` is "not known". */

export type {
  Alert,
  AlertId,
  AlertState,
  Aliases,
  Column,
  Comparison,
  Contract,
  Contribution,
  Criticality,
  DeadLetterQueue,
  DeadLetters,
  Decision,
  Drift,
  DriftByDay,
  Estimates,
  FieldError,
  File as FileRecord,
  FileNote,
  FileWithExamples,
  FourFifths,
  Gate,
  GroupCalls,
  Health,
  Interval,
  ListedModel,
  LiveVersions,
  Me,
  Model,
  ModelVersion,
  MonthlyImpact,
  NewThreshold,
  OperatingPoints,
  OtherColumns,
  Outcome,
  OutcomeReport,
  Outcomes,
  PairedDifference,
  Prediction,
  Promotion,
  Quality,
  Queue,
  QueueDepths,
  Receipt,
  Redrive,
  Redriven,
  RefusedRow,
  Replay,
  Requests,
  RowIssue,
  Run,
  Scores,
  Severity,
  State,
  StoredPrediction,
  SubjectAccess,
  ThresholdRule,
  Traffic,
  TrainingPreview,
  TrainingStarted,
  Upload,
  Verdict,
} from './schema.ts';

import type { Prediction, RankedPrediction, ScoredCandidates } from './schema.ts';

export type Value = string | number;

/** A file that was scored at once. Each row is in one of the two lists, both in the order of the file. */
export type ScoredFile = Required<ScoredCandidates>;

/** One candidate as sent: values by column name, unknown ones left out. The API validates them. */
export type Candidate = Record<string, Value>;

export type Source = Prediction['source'];

/** A candidate of a file with its place by probability, from 1. */
export type Ranked = Required<Pick<RankedPrediction, 'rank'>> & Prediction;

/** By probability, or as in the file. */
export type ScoredOrder = 'rank' | 'row';

export interface Page<Item> {
  items: Item[];
  /** The cursor of the next page; null on the last one. */
  next: string | null;
}

/** RFC 3339; `start` inclusive, `end` exclusive. */
export interface Range {
  start: string;
  end: string;
}

/** Numbers of a range of time, for charts. */
export type Series<Stats> = (range: Range, signal: AbortSignal) => Promise<Stats>;

/** A page of a CSV file that is fetched piece by piece. */
export interface CsvPage {
  text: string;
  /** The cursor of the next page; null on the last one. */
  next: string | null;
  /** About how many rows there are in all; on the first page only. */
  total: number | null;
}
