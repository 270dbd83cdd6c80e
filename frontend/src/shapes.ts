/** The API's shapes. Times are RFC 3339 UTC, probabilities are in [0, 1], `null` is "not known". */

export type Kind = 'integer' | 'number' | 'nominal' | 'ordinal';

export interface Column {
  name: string;
  kind: Kind;
  label: string;
  help: string;
  group: string;
  levels: string[];
  minimum: number | null;
  maximum: number | null;
  nullable: boolean;
  feature: boolean;
  required: boolean;
}

export interface Contract {
  version: string;
  columns: Column[];
  /** Each known city with its development index. */
  cities: Record<string, number>;
  /** The most that one prediction request may hold. */
  limits: { candidates: number; bytes: number };
}

export type Value = string | number;

/** One candidate as sent: a value by column name; what isn't known is left out. */
export type Candidate = Record<string, Value>;

export type Source = 'webapp' | 'scheduled' | 'api';

export interface Prediction {
  id: string;
  created_at: string;
  source: Source;
  model_version: string;
  enrollee_id: number | null;
  features: Record<string, Value | null>;
  probability: number;
  will_change: boolean;
  file_id: string | null;
  row: number | null;
}

export interface FileIssue {
  type: string;
  column: string | null;
  severity: 'fatal' | 'error' | 'warning';
  rows: number;
}

export interface FileRecord {
  file_id: string;
  name: string;
  status: string;
  criticality: 'ok' | 'minor' | 'major' | 'critical' | null;
  /** Why the file was rejected whole, with advice. */
  reason: string | null;
  /** All 0 until the file has been checked. */
  rows: { total: number; good: number; bad: number; repaired: number };
  issues: FileIssue[];
  uploaded_at: string;
  validated_at: string | null;
  predicted_at: string | null;
}

/** One thing that is wrong with a request. */
export interface FieldError {
  /** The candidate's position in the list, counted from 0; null where it is not about a candidate. */
  row: number | null;
  field: string | null;
  reason: string;
}

export interface Page<Item> {
  items: Item[];
  /** Where the next page begins; null on the last one. */
  next: string | null;
}
