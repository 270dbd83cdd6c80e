import type { Candidate, Column, Contract, Prediction } from '../src/api/types.ts';

export function column(name: string, kind: Column['kind'], group = 'Candidate'): Column {
  return {
    name,
    kind,
    label: name,
    help: '',
    group,
    levels: [],
    labels: {},
    minimum: null,
    maximum: null,
    nullable: false,
    feature: true,
    required: true,
    optional: false,
  };
}

/** Three columns and the target; one request may hold three candidates. */
export const CONTRACT: Contract = {
  version: '1',
  columns: [
    column('enrollee_id', 'integer'),
    column('city', 'nominal', 'Home'),
    column('hours', 'number'),
    column('target', 'integer'),
  ],
  cities: {},
  limits: { candidates: 3, bytes: 1000 },
  bad_shares: { major: 0.05, critical: 0.2 },
};

/** The API's prediction for a candidate. */
export function prediction(candidate: Candidate): Prediction {
  return {
    id: `p${candidate.enrollee_id}`,
    created_at: '2026-01-01T00:00:00Z',
    source: 'webapp',
    model_version: 'm1',
    enrollee_id: Number(candidate.enrollee_id),
    features: { city: candidate.city ?? null, hours: candidate.hours ?? null },
    probability: 0.25,
    will_change: false,
    file_id: null,
    row: null,
  };
}
