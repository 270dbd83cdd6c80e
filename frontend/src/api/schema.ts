// Made by `make generate` from the APIs' OpenAPI description. Don't edit.

/** What happened, how bad it is, what to do, and what was done about it. */
export type Alert = {
  id: string;
  /** `watch` for what a check found, `file` for a file. */
  kind: string;
  title: string;
  criticality: Criticality;
  what_happened: string;
  what_to_do: string;
  at: string;
  /** Where on the page to look. */
  link: string | null;
  state: AlertState;
  acknowledged_at: string | null;
  acknowledged_by: string | null;
  resolved_at: string | null;
  /** A client; or `watch`, which saw that it is over. */
  resolved_by: string | null;
};

/** Which alert. */
export type AlertId = {
  id: string;
};

/** Whether what an alert is about still needs somebody. */
export type AlertState = "open" | "resolved";

export type AlertsPage = {
  alerts: Alert[];
  /** Asks for the next page; null on the last one. */
  next_cursor: string | null;
};

/** Which version has which alias. */
export type Aliases = {
  champion: string | null;
  challenger: string | null;
  previous: string | null;
};

/** Predictions of about the same probability, and how many of the candidates changed job. */
export type CalibrationBin = {
  from: number;
  to: number;
  mean_probability: number;
  observed_rate: number;
  outcomes: number;
};

/** Candidates of the training at each threshold, by the probabilities of models that hadn't seen them. */
export type Calls = {
  rows: number;
  looking: number;
  called: number[];
  /** How many of those called were looking. */
  right: number[];
};

/** A candidate to be scored. What isn't known is null or left out; spellings are understood as they are in files. */
export type Candidate = Record<string, string | number | null>;

/** One column of the data contract. */
export type Column = {
  name: string;
  kind: Kind;
  label: string;
  help: string;
  group: string;
  /** As data write them. */
  levels: string[];
  /** How people read a level, where data write it in another way. */
  labels: Record<string, string>;
  minimum: number | null;
  maximum: number | null;
  nullable: boolean;
  /** Whether the model sees it. */
  feature: boolean;
  /** Whether a file must have it. */
  required: boolean;
  /** Whether a request may leave it out. */
  optional: boolean;
};

/** One column's index without what chance adds to it, and the index that samples of these sizes may reach by chance all the same (both ≥ 0). */
export type ColumnDrift = {
  column: string;
  psi: number;
  threshold: number;
  verdict: Verdict;
};

/** The challenger beside the champion, on the candidates of dropped files that both scored. */
export type Comparison = {
  challenger: string;
  predictions: number;
  /** The share of candidates that both call alike. */
  agreement: number | null;
  /** The mean of challenger's minus champion's probability. */
  mean_shift: number | null;
  /** How many of these candidates' outcomes are known. */
  outcomes: number;
  champion_auc: number | null;
  champion_auc_interval: Range | null;
  challenger_auc: number | null;
  challenger_auc_interval: Range | null;
  /** Challenger's minus champion's, over the same outcomes. */
  auc_difference: number | null;
  auc_difference_interval: Range | null;
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

/** How much one value moves the prediction away from the average of the training population (a Shapley value). */
export type Contribution = {
  feature: string;
  value: string | number | null;
  /** In log-odds: together with the base these add up to the candidate's. */
  contribution: number;
  /** In probability, 0.05 being five percentage points: together with the average these add up to the candidate's probability. */
  points: number;
};

/** How bad a file is, as a whole. */
export type Criticality = "ok" | "minor" | "major" | "critical";

/** The good rows of one day's files against what their model was trained on; `score` is None until one is scored, and `missing` has the columns that may be empty. */
export type DayDrift = {
  day: string;
  rows: number;
  model_version: string;
  verdict: Verdict;
  columns: ColumnDrift[];
  score: ColumnDrift | null;
  missing: MissingShare[];
};

export type DayEstimate = {
  model_version: string;
  /** From the scores, before outcomes are known. */
  expected: EstimatedQuality;
  /** On the candidates whose outcome is known by now. */
  measured: EstimatedQuality | null;
  day: string;
};

/** A message that failed as often as it may. What isn't known of it is null. */
export type DeadLetter = {
  id: string;
  file_id: string | null;
  part: number | null;
  /** The file's name. */
  name: string | null;
  /** Why it failed, and what that means. */
  reason: string | null;
  /** How often it was delivered, to be shown too. */
  received: number;
  sent_at: string;
};

/** The dead letters of one queue. */
export type DeadLetterQueue = {
  queue: Queue;
  /** About how many there are. */
  messages: number;
  /** Up to ten of them. */
  samples: DeadLetter[];
};

export type DeadLetters = {
  queues: DeadLetterQueue[];
};

/** From which probability on a version calls a candidate, since when, who decided it, and why. */
export type Decision = {
  at: string;
  by: string;
  reason: string | null;
  threshold: number;
  threshold_rule: ThresholdRule;
};

/** The most messages that a queue had in the bucket that begins `at`. */
export type DepthPoint = {
  at: string;
  queue: Queue;
  waiting: number;
  dead_letters: number;
};

export type Drift = {
  /** The worst of the columns' verdicts. */
  verdict: Verdict;
  columns: ColumnDrift[];
};

/** The days with candidates to compare, oldest first. `cut` says that the oldest of more than 1,000 files were left out. */
export type DriftByDay = {
  days: DayDrift[];
  cut: boolean;
};

/** Measures over some candidates, expected or measured. */
export type EstimatedQuality = {
  candidates: number;
  /** The share of candidates who change job. */
  rate: Figure;
  auc: Figure | null;
  /** Of those called, the share who change job. */
  precision: Figure | null;
  /** Of those who change job, the share called. */
  recall: Figure | null;
};

/** The expected quality by day and by file (the newest 300), oldest first, and by group. */
export type Estimates = {
  days: DayEstimate[];
  files: FileEstimate[];
  /** Over all files of the newest version. */
  groups: GroupEstimate[];
  /** Whether there are more files, of which the newest count. */
  cut: boolean;
};

export type Example = {
  /** The row's number in the file as dropped. */
  row: number | null;
  /** Invisible characters are named by their code points. */
  value: string | null;
  /** What a repaired value was read as, or what an unknown one may be meant to be. */
  meant?: string | null;
};

export type Failure = {
  /** The part that could not be scored; null when the file as a whole could not be validated or ranked. */
  part: number | null;
  reason: string;
  at: string;
};

/** One thing that is wrong with a request. */
export type FieldError = {
  /** The entry's position in the list, from 0; null outside the list. */
  row: number | null;
  /** The field or parameter; null when it is about the whole entry. */
  field: string | null;
  /** What is wrong, and what would be right. */
  reason: string;
};

/** A figure with the ends of its interval. */
export type Figure = {
  low: number;
  high: number;
  value: number;
};

/** One ingested file. */
export type File = {
  file_id: string;
  name: string;
  /** The upload it came by, if it came by form. */
  upload_id: string | null;
  status: Status;
  criticality: Criticality | null;
  /** Why the file was rejected. */
  reason: string | null;
  rows: Rows;
  issues: FileIssue[];
  /** Against the training data of the model in use when the file came. */
  drift: Drift | null;
  replaces: Replaced[];
  /** Distinct bad rows that later files hold corrected. */
  recovered: number;
  /** Rows left out, because their candidates had been erased before it was read. */
  redacted: number;
  /** Rows, among all these, that were those of candidates erased since. */
  erased: number;
  /** The earlier file with the same content, if it was rejected for it. */
  duplicate_of: string | null;
  /** The file that this one replays under a later contract. */
  replay_of: string | null;
  /** The file whose predictions replace those of this one. */
  replayed_by: string | null;
  /** Rows scored so far. */
  scored: number;
  /** How many probabilities are in each tenth from 0 to 1. */
  scores: number[] | null;
  /** How many candidates reach the model's threshold, but for those erased; null until all are scored. */
  will_change: number | null;
  /** Why its validation or scoring couldn't go on, until it does. */
  failure: Failure | null;
  /** The version of the data contract it was validated by. */
  contract_version: string | null;
  model_version: string | null;
  uploaded_at: string;
  validated_at: string | null;
  predicted_at: string | null;
};

export type FileEstimate = {
  model_version: string;
  /** From the scores, before outcomes are known. */
  expected: EstimatedQuality;
  /** On the candidates whose outcome is known by now. */
  measured: EstimatedQuality | null;
  file_id: string;
  name: string;
  uploaded_at: string;
};

/** One kind of thing that is wrong in one column, and in how many rows. */
export type FileIssue = {
  type: Issue;
  column: string | null;
  severity: Severity;
  rows: number;
  /** A sentence with the figures, where the rows aren't all of it. */
  detail: string | null;
};

/** What was seen in what was sent and kept no candidate from being scored. */
export type FileNote = {
  type: Issue;
  column: string | null;
  /** Of how many candidates; 0 when it is about a file's header. */
  rows: number;
  message: string;
};

export type FileWithExamples = {
  file_id: string;
  name: string;
  /** The upload it came by, if it came by form. */
  upload_id: string | null;
  status: Status;
  criticality: Criticality | null;
  /** Why the file was rejected. */
  reason: string | null;
  rows: Rows;
  issues: IssueWithExamples[];
  /** Against the training data of the model in use when the file came. */
  drift: Drift | null;
  replaces: Replaced[];
  /** Distinct bad rows that later files hold corrected. */
  recovered: number;
  /** Rows left out, because their candidates had been erased before it was read. */
  redacted: number;
  /** Rows, among all these, that were those of candidates erased since. */
  erased: number;
  /** The earlier file with the same content, if it was rejected for it. */
  duplicate_of: string | null;
  /** The file that this one replays under a later contract. */
  replay_of: string | null;
  /** The file whose predictions replace those of this one. */
  replayed_by: string | null;
  /** Rows scored so far. */
  scored: number;
  /** How many probabilities are in each tenth from 0 to 1. */
  scores: number[] | null;
  /** How many candidates reach the model's threshold, but for those erased; null until all are scored. */
  will_change: number | null;
  /** Why its validation or scoring couldn't go on, until it does. */
  failure: Failure | null;
  /** The version of the data contract it was validated by. */
  contract_version: string | null;
  model_version: string | null;
  uploaded_at: string;
  validated_at: string | null;
  predicted_at: string | null;
  /** Empty lines; they don't count as rows. */
  empty_lines: number;
  /** The files that hold bad rows of this one, corrected. */
  recovered_by: string[];
};

export type FilesPage = {
  files: File[];
  /** Asks for the next page; null on the last one. */
  next_cursor: string | null;
};

/** What the interval of an impact ratio says of the four-fifths rule. */
export type FourFifths = "below_four_fifths" | "at_least_four_fifths" | "too_few_to_say";

/** One condition that a model must meet to be promoted. */
export type Gate = {
  gate: string;
  passed: boolean;
  value: number | null;
  limit: number | null;
  sentence: string;
};

export type GroupCalls = {
  rows: number;
  looking: number;
  called: number[];
  /** How many of those called were looking. */
  right: number[];
  column: string;
  level: string;
  /** Impact ratios; null where there is nothing to compare with. */
  ratio: (number | null)[];
  verdict: (FourFifths | null)[];
};

/** What a score means is taken from all candidates, so it shows what the group's mix of scores makes of the quality; whether scores mean something else in a group, the card shows. */
export type GroupEstimate = {
  column: string;
  level: string;
  expected: EstimatedQuality;
};

export type Health = {
  status: "ok";
  version: string;
};

/** A dataset under training/ with rows of the candidate. */
export type HeldDataset = {
  /** It was rejected as a whole, and has the number somewhere or can't be read: it may not be about the candidate at all. */
  mentions: boolean;
  /** How many rows there are; up to 200 of them are shown. */
  found: number;
  object: string;
  rows: HeldRow[];
};

/** A file with rows of the candidate. */
export type HeldFile = {
  /** It was rejected as a whole, and has the number somewhere or can't be read: it may not be about the candidate at all. */
  mentions: boolean;
  /** How many rows there are; up to 200 of them are shown. */
  found: number;
  file_id: string;
  name: string;
  uploaded_at: string;
  status: Status;
  /** The earlier file with the same rows, which shows them. */
  duplicate_of: string | null;
  rows: HeldFileRow[];
  /** Where the rows are in the lake: as dropped and in all that was made of it. */
  objects: string[];
};

/** A row of a file: a good one with its values, a bad one with its text. */
export type HeldFileRow = {
  /** Cells by column; null for a line that can't be split. */
  values: Record<string, string> | null;
  /** The exact text where there are no values, at most 2,000 characters of it. */
  text: string | null;
  /** False where the number is damaged or the line can't be split: it may be somebody else's. */
  certain: boolean;
  /** Its number in the file, from 1 below the header. */
  row: number;
  /** Of a bad row: what is wrong with it. */
  reasons: string[];
};

/** What was reported of the candidate. */
export type HeldOutcome = {
  observed_at: string;
  changed_job: boolean;
  prediction_id: string | null;
  model_version: string | null;
  probability: number | null;
  challenger_version: string | null;
  challenger_probability: number | null;
};

/** A prediction, what led from it to its verdict, and why it is as it is. */
export type HeldPrediction = {
  id: string;
  created_at: string;
  source: "webapp" | "scheduled" | "api";
  file_id: string | null;
  row: number | null;
  features: Record<string, string | number | null>;
  model_version: string;
  probability: number;
  /** What a probability has to reach; null when not known any more. */
  threshold: number | null;
  will_change: boolean;
  /** In sentences, from the average candidate's chance to this one's; null when not known any more. */
  explanation: string[] | null;
  challenger_version: string | null;
  challenger_probability: number | null;
  challenger_will_change: boolean | null;
};

/** A row of a dataset. */
export type HeldRow = {
  /** Cells by column; null for a line that can't be split. */
  values: Record<string, string> | null;
  /** The exact text where there are no values, at most 2,000 characters of it. */
  text: string | null;
  /** False where the number is damaged or the line can't be split: it may be somebody else's. */
  certain: boolean;
};

/** One group that has candidates: its selection rate, the ratio of this to the rate of the group that is selected most often, and what that says of the four-fifths rule; None for that group itself. */
export type Impact = {
  group: string;
  rows: number;
  selected: number;
  rate: Interval;
  ratio: Interval | null;
  verdict: FourFifths | null;
};

/** A figure and the ends of its interval. */
export type Interval = {
  value: number;
  low: number;
  high: number;
};

/** One way to break the contract: its code, its severity, a heading, a sentence on what is wrong, and advice. */
export type Issue = "unreadable" | "encoding" | "empty" | "missing_column" | "duplicate_file" | "malformed_row" | "not_a_candidate" | "missing_value" | "wrong_type" | "out_of_range" | "unknown_category" | "duplicate_id" | "unexpected_column" | "inconsistent" | "short_row" | "repaired_value" | "header_repaired" | "empty_column" | "constant_column" | "drifted_column";

/** How often an issue was found in the files of a bucket; a row counts once for each column in which it has it. */
export type IssuePoint = {
  at: string;
  type: Issue;
  rows: number;
};

export type IssueWithExamples = {
  type: Issue;
  column: string | null;
  severity: Severity;
  rows: number;
  /** A sentence with the figures, where the rows aren't all of it. */
  detail: string | null;
  examples: Example[];
};

/** What the values of a column are. */
export type Kind = "integer" | "number" | "nominal" | "ordinal";

/** How long one file took from its upload at `at` until its last row was scored. */
export type Latency = {
  at: string;
  file_id: string;
  name: string;
  seconds: number;
};

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

export type ListedModel = {
  version: string;
  created_at: string;
  /** Whether it passed all its gates. */
  status: "PASSED" | "FAILED";
  gates: Gate[];
  /** Why it failed, or was promoted anyway. */
  reason: string | null;
  /** In cross-validation. */
  metrics: Record<string, number>;
  /** The probability from which on a candidate is called, as decided last; null of an older release's version. */
  threshold: number | null;
  threshold_rule: ThresholdRule | null;
  /** On its threshold; the first is that of its training. */
  decisions: Decision[];
  promoted_at: string | null;
  promoted_by: string | null;
  role?: "champion" | "challenger" | "previous" | null;
};

/** How good a version is on the candidates whose outcome is known. */
export type Live = {
  /** How many there are, of several of one candidate the last. */
  outcomes: number;
  /** Null unless some changed job and some didn't. */
  auc: number | null;
  auc_interval: Range | null;
  /** What the same candidates' scores imply. Live quality is held against it, as outcomes may be known of some candidates rather than others. */
  expected_auc: number | null;
  brier: number | null;
  /** Expected calibration error. */
  ece: number | null;
  /** What it is by chance alone with so few outcomes, on average, if probabilities are perfect. */
  ece_chance: number | null;
  /** Outcomes of candidates below the threshold. */
  uncalled: number | null;
  /** Outcomes left out, as a later one of the same candidate counts. */
  superseded: number;
  /** Outcomes that count once the horizon of their prediction has passed. */
  waiting: number;
  /** Whether there are more, of which the newest are measured. */
  cut: boolean;
};

/** A version on the candidates of one group whose outcome is known, of whatever file or client. */
export type LiveGroup = {
  candidates: number;
  /** The share of candidates who change job. */
  rate: Figure;
  /** Null with fewer than 20 of either outcome: too few to say. */
  auc: Figure | null;
  /** Of those called, the share who change job. */
  precision: Figure | null;
  /** Of those who change job, the share called. */
  recall: Figure | null;
  column: string;
  level: string;
  /** What the same candidates' scores imply. */
  expected_auc: number | null;
};

export type LiveVersion = {
  /** How many there are, of several of one candidate the last. */
  outcomes: number;
  /** Null unless some changed job and some didn't. */
  auc: number | null;
  auc_interval: Range | null;
  /** What the same candidates' scores imply. Live quality is held against it, as outcomes may be known of some candidates rather than others. */
  expected_auc: number | null;
  brier: number | null;
  /** Expected calibration error. */
  ece: number | null;
  /** What it is by chance alone with so few outcomes, on average, if probabilities are perfect. */
  ece_chance: number | null;
  /** Outcomes of candidates below the threshold. */
  uncalled: number | null;
  /** Outcomes left out, as a later one of the same candidate counts. */
  superseded: number;
  /** Outcomes that count once the horizon of their prediction has passed. */
  waiting: number;
  /** Whether there are more, of which the newest are measured. */
  cut: boolean;
  version: string;
  /** The bins that hold something, of 15 of equal width. */
  calibration: CalibrationBin[];
  weeks: LiveWeek[];
  /** By gender, education and experience. */
  groups: LiveGroup[];
};

/** Every version with outcomes, newest first. */
export type LiveVersions = {
  versions: LiveVersion[];
};

export type LiveWeek = {
  /** The ISO week in which the outcomes were observed, such as 2026-W48. */
  week: string;
  outcomes: number;
  auc: number | null;
  auc_interval: Range | null;
  brier: number | null;
};

/** Whom a token belongs to. */
export type Me = {
  name: string;
  /** What the token may do: an operator may do all that a user may. */
  role: Role;
  /** Under which source its predictions are kept. */
  source: "webapp" | "scheduled" | "api";
};

/** The share of rows in which a column is empty, that day and in training. */
export type MissingShare = {
  column: string;
  share: number;
  training: number;
};

/** The champion: its record, how it was trained, and how it does. */
export type Model = {
  version: string;
  created_at: string;
  /** Whether it passed all its gates. */
  status: "PASSED" | "FAILED";
  gates: Gate[];
  /** Why it failed, or was promoted anyway. */
  reason: string | null;
  /** In cross-validation. */
  metrics: Record<string, number>;
  /** The probability from which on a candidate is called, as decided last; null of an older release's version. */
  threshold: number | null;
  threshold_rule: ThresholdRule | null;
  /** On its threshold; the first is that of its training. */
  decisions: Decision[];
  promoted_at: string | null;
  promoted_by: string | null;
  /** Data, settings, software and metrics of its training. */
  card: Record<string, unknown>;
  aliases: Aliases;
  /** Null without a challenger. */
  comparison: Comparison | null;
  /** Null without outcomes. */
  live: Live | null;
};

/** Any version: its record, and how it was trained. */
export type ModelVersion = {
  version: string;
  created_at: string;
  /** Whether it passed all its gates. */
  status: "PASSED" | "FAILED";
  gates: Gate[];
  /** Why it failed, or was promoted anyway. */
  reason: string | null;
  /** In cross-validation. */
  metrics: Record<string, number>;
  /** The probability from which on a candidate is called, as decided last; null of an older release's version. */
  threshold: number | null;
  threshold_rule: ThresholdRule | null;
  /** On its threshold; the first is that of its training. */
  decisions: Decision[];
  promoted_at: string | null;
  promoted_by: string | null;
  role?: "champion" | "challenger" | "previous" | null;
  /** Data, settings, software and metrics of its training. */
  card: Record<string, unknown>;
};

export type Models = {
  models: ListedModel[];
};

/** How often the candidates of each group were called in a month, such as `2026-11` (UTC), by whichever model was the champion. Whose group isn't known is in `unknown` and isn't compared. */
export type MonthlyImpact = {
  month: string;
  column: string;
  groups: Impact[];
  unknown: number;
};

/** A decision on the threshold of a version, by one of the two rules. */
export type NewThreshold = {
  /** A missed candidate is as bad as this many false alarms. */
  missed?: number | null;
  /** The share of candidates that can be called: 50 of 1,000 are 0.05. */
  capacity?: number | null;
  reason: string;
};

/** A file that is to be uploaded. */
export type NewUpload = {
  /** Its name without folders, ending in .csv, .tsv, .txt, .csv.gz, .tsv.gz, .txt.gz or .xlsx. */
  name: string;
};

/** What each threshold would do, for all candidates and by group; lists are in the order of `thresholds`. */
export type OperatingPoints = {
  thresholds: number[];
  everybody: Calls;
  groups: GroupCalls[];
};

/** The columns of a file that the contract doesn't know: given back as they were sent, and kept nowhere. */
export type OtherColumns = {
  names: string[];
  /** The cells of each row of the file; none of a line that is malformed. */
  rows: string[][];
};

/** An outcome as it is kept, with the prediction it is measured against. */
export type Outcome = {
  enrollee_id: number;
  observed_at: string;
  changed_job: boolean;
  /** The one named, or the candidate's latest; null if none was made long enough before. */
  prediction_id: string | null;
  model_version: string | null;
  probability: number | null;
  /** Whether the model is measured by it by now, if no later one of the candidate is. */
  counts: boolean;
  /** When its prediction's horizon has passed: from then on the model is measured by it and learns from it. Null without a prediction. */
  counts_from: string | null;
};

/** What a candidate really did; the candidate is named by a prediction or by number. */
export type OutcomeReport = {
  /** Of a prediction made of the candidate. */
  prediction_id?: string | null;
  /** The number that identifies the candidate in your records. A file must not repeat it. */
  enrollee_id?: number | null;
  changed_job: boolean;
  /** When that was known: after the prediction, and as long ago at most as predictions are kept. */
  observed_at: string;
};

export type Outcomes = {
  outcomes: Outcome[];
};

/** A version's measures less another's on the candidates that both were trained on, each by models that hadn't seen them. Null where these are fewer than 500, which show too little. */
export type PairedDifference = {
  /** How many candidates both were trained on. */
  rows: number;
  roc_auc: Figure | null;
  /** Lower is better. */
  log_loss: Figure | null;
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
  /** The candidate's row in that file, or in the one that was just sent. */
  row: number | null;
  /** Only where it was asked for; those of most points first. */
  explanation?: Contribution[];
  /** Only with the explanation: the population's mean log-odds. */
  base?: number | null;
  /** Only with the explanation: the mean probability of the training population. */
  average?: number | null;
  /** Only with the explanation: the share of the training population with a lower probability. */
  above?: number | null;
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

/** How a version is promoted. One that failed its gates needs both `force` and a `reason`. */
export type Promotion = {
  force?: boolean;
  reason?: string | null;
};

/** The files of a window, which is widened to whole buckets; oldest first. `cut` says that there were more than the newest 1,000, which are counted. */
export type Quality = {
  start: string;
  end: string;
  bucket_seconds: number;
  points: QualityPoint[];
  issues: IssuePoint[];
  criticality: Record<string, number>;
  latency: Latency[];
  cut: boolean;
};

/** The files uploaded in the bucket that begins `at`, and their rows. */
export type QualityPoint = {
  at: string;
  files: number;
  total: number;
  good: number;
  bad: number;
  repaired: number;
  recovered: number;
};

export type Queue = "ingest" | "score" | "data_request";

/** The buckets of a window in which something waited, oldest first; the window is widened to whole buckets. */
export type QueueDepths = {
  start: string;
  end: string;
  bucket_seconds: number;
  points: DepthPoint[];
};

/** About how many messages a queue has: `waiting` or being worked on, and `dead_letters`. */
export type QueueState = {
  queue: Queue;
  waiting: number;
  dead_letters: number;
};

/** The ends of a figure's interval, which holds the true one 19 times out of 20. */
export type Range = {
  low: number;
  high: number;
};

/** One scored candidate of a file. */
export type RankedPrediction = {
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
  /** The candidate's row in that file, or in the one that was just sent. */
  row: number | null;
  /** Only where it was asked for; those of most points first. */
  explanation?: Contribution[];
  /** Only with the explanation: the population's mean log-odds. */
  base?: number | null;
  /** Only with the explanation: the mean probability of the training population. */
  average?: number | null;
  /** Only with the explanation: the share of the training population with a lower probability. */
  above?: number | null;
  /** Its place in the file by probability, from 1; only by rank. */
  rank?: number;
};

export type RankedPredictions = {
  predictions: RankedPrediction[];
  /** Asks for the next page; null on the last one. */
  next_cursor: string | null;
};

/** How far the erasure of a candidate is. */
export type Receipt = {
  /** The candidate's number under a keyed hash. */
  enrollee_id_hash: string;
  status: "RUNNING" | "COMPLETE";
  /** How much was erased so far, by place. */
  erased: Record<string, number>;
  /** Files that are being validated and will be searched afterwards. */
  waiting: number;
  /** Tables whose backups hold the data, and until when. */
  backups: Record<string, string>;
  suppressed_at: string;
  /** When it was complete. */
  at: string | null;
};

/** Which dead letters go back to their queue. */
export type Redrive = {
  queue: Queue;
};

export type Redriven = {
  queue: Queue;
  /** How many messages went back. The rest of very many needs another call. */
  moved: number;
};

/** A row of a file that couldn't be scored. */
export type RefusedRow = {
  /** Its number in the file, from 1 below the header. */
  row: number;
  issues: RowIssue[];
};

/** Quarantined rows of an earlier file that this file holds, corrected. */
export type Replaced = {
  file_id: string;
  rows: number;
};

export type Replay = {
  /** The replay's own id, under which it is found once it has begun. */
  file_id: string;
};

/** How many requests were answered (status below 400), refused (4xx) and failed (5xx), and the latency in seconds that half, 95% and 99% of those that weren't refused didn't exceed; None without any. */
export type RequestFigures = {
  answered: number;
  refused: number;
  failed: number;
  p50: number | null;
  p95: number | null;
  p99: number | null;
};

/** The requests of the bucket that begins `at`. */
export type RequestPoint = {
  answered: number;
  refused: number;
  failed: number;
  p50: number | null;
  p95: number | null;
  p99: number | null;
  at: string;
};

/** The buckets of a window in which there were requests, oldest first, and all of them together; the window is widened to whole buckets. No request takes longer than `limit` seconds. */
export type Requests = {
  start: string;
  end: string;
  bucket_seconds: number;
  limit: number;
  total: RequestFigures;
  points: RequestPoint[];
};

export type Role = "user" | "operator";

/** One thing that is wrong with a row of a file. */
export type RowIssue = {
  type: Issue;
  /** Null when it is about the whole row. */
  column: string | null;
  /** What is there; characters that nobody sees are named by their code points. */
  value: string | null;
  /** What is wrong, and what would be right. */
  message: string;
};

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

/** Scored candidates in the order they were sent in. Of a file, each prediction has the number of its row, and each row is in one of the two lists. */
export type ScoredCandidates = {
  predictions: Prediction[];
  /** Only for a file. */
  refused?: RefusedRow[];
  notes?: FileNote[];
  /** Only for a file that has some. */
  others?: OtherColumns | null;
};

/** How the probabilities of a window's files are spread over bins of equal width with these edges, beside those of the model's training (out of fold); by the version of the newest scored file. */
export type Scores = {
  bins: number[];
  training: number[] | null;
  observed: number[];
  model_version: string | null;
  cut: boolean;
};

/** What an issue does: `fatal` rejects the file, `error` sends the row to bad/, `warning` only says so. */
export type Severity = "fatal" | "error" | "warning";

/** What is open, what waits and when the system last did something. */
export type State = {
  /** At most 100 are counted. */
  open_alerts: number;
  /** Open alerts that nobody has acknowledged. */
  unacknowledged: number;
  /** The criticality of the worst open alert. */
  worst: Criticality | null;
  /** Null for those who are no operators. */
  queues: QueueState[] | null;
  /** When the watch last looked; it does every five minutes. */
  watched_at: string | null;
  /** When the newest run began. */
  run_at: string | null;
  run_failed: boolean;
  /** When the newest file was dropped. */
  file_at: string | null;
};

export type Status = "VALIDATING" | "VALIDATED" | "SCORED" | "REJECTED";

/** One stored prediction, explained. */
export type StoredPrediction = {
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
  /** The candidate's row in that file, or in the one that was just sent. */
  row: number | null;
  /** Only where it was asked for; those of most points first. */
  explanation?: Contribution[];
  /** Only with the explanation: the population's mean log-odds. */
  base?: number | null;
  /** Only with the explanation: the mean probability of the training population. */
  average?: number | null;
  /** Only with the explanation: the share of the training population with a lower probability. */
  above?: number | null;
  /** What is odd about the candidate, as POST /predictions/predict says it. */
  notes: FileNote[];
};

/** What is held about a candidate: a page of it. All pages together are all there is. */
export type SubjectAccess = {
  enrollee_id: number;
  /** How far the erasure is, if somebody asked for one. */
  erasure: Receipt | null;
  predictions: HeldPrediction[];
  outcomes: HeldOutcome[];
  training: HeldDataset[];
  files: HeldFile[];
  /** Files that are being validated: ask once more in a few minutes. */
  waiting: number;
  /** Asks for the next page; null on the last one. */
  next_cursor: string | null;
};

/** How a threshold was chosen, as it was declared. */
export type ThresholdRule = {
  kind: "cost" | "capacity";
  /** How many false alarms a missed candidate is as bad as, or the share of candidates to be called. */
  value: number;
  sentence: string;
};

/** The buckets of a window in which there were predictions, oldest first; the window is widened to whole buckets. */
export type Traffic = {
  start: string;
  end: string;
  bucket_seconds: number;
  points: TrafficPoint[];
};

/** The predictions of one source in the bucket that begins `at`, and how many of them call a candidate. */
export type TrafficPoint = {
  at: string;
  source: "webapp" | "scheduled" | "api";
  predictions: number;
  will_change: number;
};

/** How the threshold of the new version is chosen: by one of these, or else as the champion's is. */
export type Training = {
  /** A missed candidate is as bad as this many false alarms. */
  missed?: number | null;
  /** The share of candidates that can be called: 50 of 1,000 are 0.05. */
  capacity?: number | null;
};

export type TrainingFile = {
  /** Its key in the lake. */
  name: string;
  /** In bytes. */
  size: number;
};

/** What a training would learn from. */
export type TrainingPreview = {
  files: TrainingFile[];
  /** Candidates with an outcome that counts by now. */
  outcomes: number;
  /** That of the champion, or the default. */
  threshold_rule: ThresholdRule;
};

export type TrainingStarted = {
  /** GET /runs lists the run when it has ended. */
  run_id: string;
};

/** A form that uploads one file: post `fields` and then the file, as `file`, in one multipart/form-data to `url`. */
export type Upload = {
  /** Finds the file once it is there: GET /files?upload_id=… */
  upload_id: string;
  url: string;
  fields: Record<string, string>;
  /** Where in the lake the file will be. */
  key: string;
  expires_at: string;
  max_bytes: number;
};

/** Whether candidates differ: `stable` is what chance explains, `shifted` is certain but small, `drifted` is certain and large. */
export type Verdict = "stable" | "shifted" | "drifted";
