// Made by `make page-types` from the API's OpenAPI description. Don't edit.

/** A candidate to be scored. What isn't known is null or left out; spellings are understood as they are in files. */
export type Candidate = Record<string, string | number | null>;

/** One column of the data contract. */
export type Column = {
  name: string;
  kind: Kind;
  label: string;
  help: string;
  group: string;
  levels: string[];
  minimum: number | null;
  maximum: number | null;
  nullable: boolean;
  /** Whether the model sees it. */
  feature: boolean;
  /** Whether a file must have it. */
  required: boolean;
};

/** How far one column is from what the model was trained on. */
export type ColumnDrift = {
  column: string;
  /** Population stability index, 0 or more. */
  psi: number;
  /** What samples of these sizes may reach by chance, at least 0.1. */
  threshold: number;
  verdict: Verdict;
};

/** What the data must look like: all that a form needs. */
export type Contract = {
  version: string;
  columns: Column[];
  /** Each known city with its development index. */
  cities: Record<string, number>;
  limits: Limits;
  /** From this share of bad rows a file is so critical. */
  bad_shares: Record<string, number>;
};

/** How much one value moves the log-odds away from a typical candidate's. */
export type Contribution = {
  feature: string;
  value: string | number | null;
  contribution: number;
};

/** How bad a file is, as a whole. */
export type Criticality = "ok" | "minor" | "major" | "critical";

export type Drift = {
  /** The worst of the columns' verdicts. */
  verdict: Verdict;
  columns: ColumnDrift[];
};

export type Example = {
  /** The row's number in the file as dropped. */
  row: number | null;
  value: string | null;
};

export type Failure = {
  part: number;
  reason: string;
  at: string;
};

/** One thing that is wrong with a request. */
export type FieldError = {
  /** The candidate's position in the list, from 0; null outside the list. */
  row: number | null;
  /** The column or parameter; null when it is about the whole candidate. */
  field: string | null;
  /** What is wrong, and what would be right. */
  reason: string;
};

/** One ingested file. */
export type File = {
  file_id: string;
  name: string;
  status: Status;
  criticality: Criticality | null;
  /** Why the file was rejected. */
  reason: string | null;
  rows: Rows;
  issues: ShapesIssue[];
  /** Against the training data of the model in use when the file came. */
  drift: Drift | null;
  replaces: Replaced[];
  /** Distinct bad rows that later files brought back, corrected. */
  recovered: number;
  /** Rows scored so far. */
  scored: number;
  /** How many probabilities lie in each tenth from 0 to 1. */
  scores: number[] | null;
  /** Why its scoring couldn't go on, until it does. */
  failure: Failure | null;
  model_version: string | null;
  uploaded_at: string;
  validated_at: string | null;
  predicted_at: string | null;
};

export type FileWithExamples = {
  file_id: string;
  name: string;
  status: Status;
  criticality: Criticality | null;
  /** Why the file was rejected. */
  reason: string | null;
  rows: Rows;
  issues: IssueWithExamples[];
  /** Against the training data of the model in use when the file came. */
  drift: Drift | null;
  replaces: Replaced[];
  /** Distinct bad rows that later files brought back, corrected. */
  recovered: number;
  /** Rows scored so far. */
  scored: number;
  /** How many probabilities lie in each tenth from 0 to 1. */
  scores: number[] | null;
  /** Why its scoring couldn't go on, until it does. */
  failure: Failure | null;
  model_version: string | null;
  uploaded_at: string;
  validated_at: string | null;
  predicted_at: string | null;
  /** The files that brought bad rows of this one back. */
  recovered_by: string[];
};

export type FilesPage = {
  files: File[];
  /** Asks for the next page; null on the last one. */
  next_cursor: string | null;
};

export type Health = {
  status: "ok";
};

export type IssueWithExamples = {
  type: JobchangeContractIssue;
  column: string | null;
  severity: Severity;
  rows: number;
  examples: Example[];
};

/** What the values of a column are. */
export type Kind = "integer" | "number" | "nominal" | "ordinal";

export type Limits = {
  /** Candidates in one request. */
  candidates: number;
  /** Bytes of one request's body. */
  bytes: number;
};

/** An address that needs no token, for five minutes. */
export type Link = {
  url: string;
};

/** Whom a token belongs to. */
export type Me = {
  name: string;
  /** What the token may do: an operator may do all that a user may. */
  role: Role;
  /** Under which source its predictions are kept. */
  source: "webapp" | "scheduled" | "api";
};

/** A model version. */
export type Model = {
  version: string;
  created_at: string;
  promoted_at: string | null;
  promoted_by: string | null;
  metrics: Record<string, number>;
  /** Data, settings, software and metrics of its training. */
  card: Record<string, unknown>;
};

/** One scored candidate. */
export type Prediction = {
  id: string;
  created_at: string;
  source: "webapp" | "scheduled" | "api";
  model_version: string;
  enrollee_id: number | null;
  features: Record<string, string | number | null>;
  /** That the candidate is looking for a job change. */
  probability: number;
  /** Whether the probability reaches the model's threshold. */
  will_change: boolean;
  /** The file the candidate came in, if in one. */
  file_id: string | null;
  /** The candidate's row in that file. */
  row: number | null;
  /** Only where it was asked for; the largest first. */
  explanation?: Contribution[];
};

export type Predictions = {
  predictions: Prediction[];
};

export type PredictionsPage = {
  predictions: Prediction[];
  /** Asks for the next page; null on the last one. */
  next_cursor: string | null;
};

/** What went wrong and what to do about it. */
export type Problem = {
  /** Always `about:blank`: the status says it all. */
  type: string;
  title: string;
  status: number;
  /** What happened and what to do, for people. */
  detail: string;
  /** With status 422: everything that is wrong. */
  errors?: FieldError[];
};

/** Quarantined rows of an earlier file that this file brings back, corrected. */
export type Replaced = {
  file_id: string;
  rows: number;
};

export type Role = "user" | "operator";

export type Rows = {
  total: number;
  good: number;
  bad: number;
  /** Good rows with at least one repaired value. */
  repaired: number;
};

/** Something the system did on its own or for an operator. */
export type Run = {
  id: string;
  kind: string;
  status: "SUCCEEDED" | "SKIPPED" | "FAILED";
  reason: string | null;
  counts: Record<string, number>;
  started_at: string;
  seconds: number;
};

export type RunsPage = {
  runs: Run[];
  /** Asks for the next page; null on the last one. */
  next_cursor: string | null;
};

/** What an issue does: `fatal` rejects the file, `error` sends the row to bad/, `warning` only says so. */
export type Severity = "fatal" | "error" | "warning";

export type Status = "VALIDATING" | "VALIDATED" | "SCORED" | "REJECTED";

export type Verdict = "stable" | "moderate" | "drifted";

/** Every way in which a file or row can break the contract. */
export type JobchangeContractIssue = "unreadable" | "encoding" | "empty" | "missing_column" | "duplicate_file" | "malformed_row" | "missing_value" | "wrong_type" | "out_of_range" | "unknown_category" | "duplicate_id" | "unexpected_column" | "inconsistent" | "repaired_value" | "header_repaired";

/** One kind of thing that is wrong in one column, and in how many rows. */
export type ShapesIssue = {
  type: JobchangeContractIssue;
  column: string | null;
  severity: Severity;
  rows: number;
};
