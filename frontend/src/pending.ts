import type { File, Model, Prediction } from './schema.ts';

export type Gate = { gate: string; passed: boolean; value: number | null; limit: number | null; sentence: string };

export type ModelVersion = {
  version: string;
  created_at: string;
  status: 'PASSED' | 'FAILED';
  gates: Gate[];
  metrics: Record<string, number>;
  promoted_at: string | null;
  promoted_by: string | null;
  reason: string | null;
  role: 'champion' | 'challenger' | 'previous' | null;
};

export type Comparison = {
  challenger: string;
  predictions: number;
  agreement: number | null;
  mean_shift: number | null;
  outcomes: number;
  champion_auc: number | null;
  challenger_auc: number | null;
};

export type Champion = Model & {
  status?: 'PASSED' | 'FAILED';
  gates?: Gate[];
  aliases?: { champion: string | null; challenger: string | null; previous: string | null };
  comparison?: Comparison | null;
};

export type Upload = {
  url: string;
  fields: Record<string, string>;
  key: string;
  upload_id: string;
  expires_at: string;
  max_bytes: number;
};

export type PredictionStats = {
  start: string;
  end: string;
  bucket_seconds: number;
  points: { at: string; source: Prediction['source']; predictions: number; will_change: number }[];
};

export type QualityStats = {
  start: string;
  end: string;
  bucket_seconds: number;
  points: { at: string; files: number; total: number; good: number; bad: number; repaired: number; recovered: number }[];
  issues: { at: string; type: string; rows: number }[];
  criticality: Record<string, number>;
  latency: { at: string; file_id: string; name: string; seconds: number }[];
  cut: boolean;
};

export type DriftStats = {
  cut: boolean;
  days: {
    day: string;
    rows: number;
    model_version: string;
    verdict: 'stable' | 'moderate' | 'drifted';
    columns: { column: string; psi: number; threshold: number; verdict: 'stable' | 'moderate' | 'drifted' }[];
    score: { psi: number; threshold: number; verdict: 'stable' | 'moderate' | 'drifted' } | null;
  }[];
};

export type ScoreStats = {
  cut: boolean;
  bins: number[];
  training: number[] | null;
  observed: number[];
  model_version: string | null;
};

export type LiveStats = {
  versions: {
    version: string;
    outcomes: number;
    auc: number | null;
    brier: number | null;
    ece: number | null;
    calibration: { from: number; to: number; mean_probability: number; observed_rate: number; outcomes: number }[];
    weeks: { week: string; outcomes: number; auc: number | null; brier: number | null }[];
  }[];
};

export type FileWithOrigin = File & { replay_of?: string | null; replayed_by?: string | null };
