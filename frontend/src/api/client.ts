import { reportConnection } from './connection.ts';
import { Problem, problemFrom, unreachable } from './problem.ts';
import type {
  Alert,
  AlertId,
  AlertState,
  Aliases,
  Candidate,
  Contract,
  DeadLetterQueue,
  DeadLetters,
  Decision,
  DriftByDay,
  Estimates,
  FileRecord,
  FileWithExamples,
  Health,
  ListedModel,
  LiveVersions,
  Me,
  Model,
  ModelVersion,
  MonthlyImpact,
  NewThreshold,
  OperatingPoints,
  Outcome,
  OutcomeReport,
  Outcomes,
  Page,
  PairedDifference,
  Prediction,
  Promotion,
  Quality,
  Queue,
  QueueDepths,
  Ranked,
  Receipt,
  Redrive,
  Redriven,
  Replay,
  Requests,
  Run,
  ScoredFile,
  ScoredOrder,
  Scores,
  State,
  SubjectAccess,
  Traffic,
  TrainingPreview,
  TrainingStarted,
  Upload,
} from './types.ts';

/** The addresses of the two APIs, without trailing slashes. */
export interface Endpoints {
  api_url: string;
  ops_url: string;
}

/** RFC 3339; `start` inclusive, `end` exclusive. */
export interface Range {
  start: string;
  end: string;
}

/** Those of a range of time and of one or all sources, or those of a file. */
export type PastQuery = (Range & { source: string }) | { file_id: string };

type Listing<Item> = (cursor: string | null, signal: AbortSignal) => Promise<Page<Item>>;
type Series<Stats> = (range: Range, signal: AbortSignal) => Promise<Stats>;

/** Every call that the page makes. Each rejects with a `Problem`; a caller that aborts a signal ignores the result. */
export interface Api {
  health(): Promise<Health>;
  me(signal: AbortSignal): Promise<Me>;
  contract(signal: AbortSignal): Promise<Contract>;
  /** Scores a file of candidates as it is; `type` is text/csv or application/gzip. */
  predictFile(file: Blob, type: string): Promise<ScoredFile>;
  /** One prediction with the contribution of each feature; kept and counted only if it is to be stored. */
  explain(candidate: Candidate, store: boolean, signal?: AbortSignal): Promise<Prediction>;
  /** A stored prediction with its explanation. */
  prediction(id: string, signal: AbortSignal): Promise<Prediction>;
  pastPredictions(query: PastQuery, cursor: string | null, limit: number, signal: AbortSignal): Promise<Page<Prediction>>;
  candidatePredictions(enrolleeId: string, signal: AbortSignal): Promise<Prediction[]>;
  /** What was reported of a candidate, the latest observation first. */
  candidateOutcomes(enrolleeId: number, signal: AbortSignal): Promise<Outcome[]>;
  reportOutcome(report: OutcomeReport): Promise<void>;
  /** All files, or those dropped in a range. */
  files(range: Partial<Range>, cursor: string | null, signal: AbortSignal): Promise<Page<FileRecord>>;
  file(fileId: string, signal: AbortSignal): Promise<FileWithExamples>;
  /** The candidates of a scored file by rank; 409 while they are being put in order. */
  rankedCandidates(fileId: string, aboveOnly: boolean, cursor: string | null, signal: AbortSignal): Promise<Page<Ranked>>;
  /** A presigned address of all of them as CSV, valid for some minutes. */
  scoredUrl(fileId: string, order: ScoredOrder): Promise<string>;
  /** Presigned addresses of the report and of the bad rows, valid for some minutes. */
  reportUrl(fileId: string, signal: AbortSignal): Promise<string>;
  badRowsUrl(fileId: string): Promise<string>;
  createUpload(name: string): Promise<Upload>;
  /** The record of an uploaded file; null until its ingestion has begun. */
  uploadedFile(uploadId: string): Promise<FileRecord | null>;
  runs: Listing<Run>;
  /** What is open, what waits, and when the system last did something. */
  state(signal: AbortSignal): Promise<State>;
  alerts(state: AlertState, cursor: string | null, signal: AbortSignal): Promise<Page<Alert>>;
  champion(signal: AbortSignal): Promise<Model>;
  models(signal: AbortSignal): Promise<ListedModel[]>;
  /** Any version, with its card. */
  modelVersion(version: string, signal: AbortSignal): Promise<ModelVersion>;
  /** How much higher a version's measures are than another's, on the candidates that both were trained on. */
  pairedDifference(version: string, other: string, signal: AbortSignal): Promise<PairedDifference>;
  /** What each threshold of a version would do. */
  operatingPoints(version: string, signal: AbortSignal): Promise<OperatingPoints>;
  /** All are taken or, with a 422 that names the wrong ones by their position, none. */
  reportOutcomes(reports: readonly OutcomeReport[]): Promise<Outcome[]>;
  /** A presigned address of the model card. */
  cardUrl(version: string, signal: AbortSignal): Promise<string>;
  predictionStats: Series<Traffic>;
  qualityStats: Series<Quality>;
  driftStats: Series<DriftByDay>;
  scoreStats: Series<Scores>;
  requestStats: Series<Requests>;
  /** What the scores let expect of the model, before outcomes. */
  estimateStats: Series<Estimates>;
  liveStats(signal: AbortSignal): Promise<LiveVersions>;
  /** Of a month such as 2026-11, in UTC. */
  impactStats(month: string, signal: AbortSignal): Promise<MonthlyImpact>;
  operator: Operator;
}

/** What only an operator's token may do. */
export interface Operator {
  promote(version: string, reason: string | null): Promise<Aliases>;
  setChallenger(version: string): Promise<Aliases>;
  removeChallenger(): Promise<Aliases>;
  rollBack(): Promise<Aliases>;
  changeThreshold(version: string, decision: NewThreshold): Promise<Decision>;
  /** What a training would learn from. */
  trainingPreview(signal: AbortSignal): Promise<TrainingPreview>;
  train(): Promise<TrainingStarted>;
  acknowledge(alertId: string): Promise<Alert>;
  resolve(alertId: string): Promise<Alert>;
  queueStats: Series<QueueDepths>;
  queues(signal: AbortSignal): Promise<DeadLetterQueue[]>;
  redrive(queue: Queue): Promise<Redriven>;
  replay(fileId: string): Promise<Replay>;
  /** A page of what is held about a candidate. */
  held(enrolleeId: string, cursor: string | null, signal: AbortSignal): Promise<SubjectAccess>;
  erase(enrolleeId: string): Promise<Receipt>;
}

const PAGE_SIZE = '50';

/** Reads the APIs' addresses from config.json, which the deployment writes beside the page. */
export async function loadEndpoints(signal: AbortSignal): Promise<Endpoints> {
  try {
    return await request<Endpoints>('./config.json', { signal });
  } catch (error) {
    if (error instanceof Problem && error.status === 0) throw error;
    throw new Problem('This page is not set up', 'Its config.json is missing or cannot be read. Deploy the stack again.');
  }
}

/** The APIs, with the token of each moment; `onRefused` is called when they answer 401. */
export function connect({ api_url, ops_url }: Endpoints, token: () => string, onRefused: () => void): Api {
  const call = async <Answer>(url: string, options: RequestInit): Promise<Answer> => {
    const used = token();
    try {
      return await request<Answer>(url, {
        ...options,
        headers: { ...options.headers, Authorization: `Bearer ${used}` },
      });
    } catch (error) {
      if (error instanceof Problem && error.status === 401 && used === token()) onRefused();
      throw error;
    }
  };
  const get = <Answer>(path: string, signal?: AbortSignal): Promise<Answer> =>
    call(api_url + path, signal ? { signal } : {});
  const send = <Answer>(method: string, url: string, body?: unknown, signal?: AbortSignal): Promise<Answer> =>
    call(url, {
      method,
      headers: { 'Content-Type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
    });
  const series =
    <Stats>(path: string): Series<Stats> =>
    ({ start, end }, signal) =>
      get(`${path}?${searchParams({ start, end })}`, signal);

  return {
    health: () => request(`${api_url}/health`, {}),
    me: (signal) => get('/me', signal),
    contract: (signal) => get('/contract', signal),

    predictFile: (file, type) =>
      call(`${api_url}/predictions/predict`, { method: 'POST', headers: { 'Content-Type': type }, body: file }),

    async explain(candidate, store, signal) {
      const url = `${api_url}/predictions/predict?explain=true${store ? '' : '&store=false'}`;
      const { predictions } = await send<{ predictions: Prediction[] }>('POST', url, [candidate], signal);
      const [prediction] = predictions;
      if (!prediction) throw unexpectedAnswer();
      return prediction;
    },

    prediction: (id, signal) => get(`/predictions/${encodeURIComponent(id)}`, signal),

    async pastPredictions(query, cursor, limit, signal) {
      const page = await get<{ predictions: Prediction[]; next_cursor: string | null }>(
        `/predictions/past?${searchParams({ ...query, limit: String(limit) }, cursor)}`,
        signal,
      );
      return { items: page.predictions, next: page.next_cursor };
    },

    async candidatePredictions(enrolleeId, signal) {
      const path = `/candidates/${encodeURIComponent(enrolleeId)}/predictions`;
      return (await get<{ predictions: Prediction[] }>(path, signal)).predictions;
    },

    candidateOutcomes: async (enrolleeId, signal) =>
      (await get<{ outcomes: Outcome[] }>(`/candidates/${enrolleeId}/outcomes`, signal)).outcomes,
    reportOutcome: async (report) => void (await send('POST', `${api_url}/outcomes`, [report])),

    async files(range, cursor, signal) {
      const page = await get<{ files: FileRecord[]; next_cursor: string | null }>(
        `/files?${searchParams({ ...range, limit: PAGE_SIZE }, cursor)}`,
        signal,
      );
      return { items: page.files, next: page.next_cursor };
    },

    file: (fileId, signal) => get(`/files/${encodeURIComponent(fileId)}`, signal),
    async rankedCandidates(fileId, aboveOnly, cursor, signal) {
      const page = await get<{ predictions: Ranked[]; next_cursor: string | null }>(
        `/files/${encodeURIComponent(fileId)}/predictions?${searchParams({ will_change: String(aboveOnly) }, cursor)}`,
        signal,
      );
      return { items: page.predictions, next: page.next_cursor };
    },
    scoredUrl: async (fileId, order) =>
      (await get<{ url: string }>(`/files/${encodeURIComponent(fileId)}/scored?${searchParams({ order })}`)).url,

    reportUrl: async (fileId, signal) =>
      (await get<{ url: string }>(`/files/${encodeURIComponent(fileId)}/report`, signal)).url,
    badRowsUrl: async (fileId) => (await get<{ url: string }>(`/files/${encodeURIComponent(fileId)}/bad`)).url,
    createUpload: (name) => send('POST', `${api_url}/uploads`, { name }),

    async uploadedFile(uploadId) {
      const { files } = await get<{ files: FileRecord[] }>(`/files?${searchParams({ upload_id: uploadId, limit: '1' })}`);
      return files[0] ?? null;
    },

    async runs(cursor, signal) {
      const page = await get<{ runs: Run[]; next_cursor: string | null }>(
        `/runs?${searchParams({ limit: PAGE_SIZE }, cursor)}`,
        signal,
      );
      return { items: page.runs, next: page.next_cursor };
    },

    state: (signal) => get('/state', signal),
    async alerts(state, cursor, signal) {
      const page = await get<{ alerts: Alert[]; next_cursor: string | null }>(
        `/alerts?${searchParams({ state, limit: '200' }, cursor)}`,
        signal,
      );
      return { items: page.alerts, next: page.next_cursor };
    },
    champion: (signal) => get('/model', signal),
    models: async (signal) => (await get<{ models: ListedModel[] }>('/models', signal)).models,
    modelVersion: (version, signal) => get(`/models/${encodeURIComponent(version)}`, signal),
    pairedDifference: (version, other, signal) =>
      get(`/models/${encodeURIComponent(version)}/against/${encodeURIComponent(other)}`, signal),
    operatingPoints: (version, signal) => get(`/models/${encodeURIComponent(version)}/thresholds`, signal),
    reportOutcomes: async (reports) => (await send<Outcomes>('POST', `${api_url}/outcomes`, reports)).outcomes,
    cardUrl: async (version, signal) =>
      (await get<{ url: string }>(`/models/${encodeURIComponent(version)}/card`, signal)).url,

    predictionStats: series('/stats/predictions'),
    qualityStats: series('/stats/quality'),
    driftStats: series('/stats/drift'),
    scoreStats: series('/stats/scores'),
    requestStats: series('/stats/requests'),
    estimateStats: series('/stats/estimates'),
    liveStats: (signal) => get('/stats/live', signal),
    impactStats: (month, signal) => get(`/stats/impact?${searchParams({ month })}`, signal),

    operator: {
      promote: (version, reason) =>
        send('POST', `${ops_url}/ops/models/${encodeURIComponent(version)}/promote`, {
          force: reason !== null,
          reason,
        } satisfies Promotion),
      setChallenger: (version) => send('POST', `${ops_url}/ops/models/${encodeURIComponent(version)}/challenge`),
      removeChallenger: () => send('DELETE', `${ops_url}/ops/challenger`),
      rollBack: () => send('POST', `${ops_url}/ops/models/rollback`),
      changeThreshold: (version, decision) =>
        send('POST', `${ops_url}/ops/models/${encodeURIComponent(version)}/threshold`, decision),
      trainingPreview: (signal) => call(`${ops_url}/ops/train`, { signal }),
      train: () => send('POST', `${ops_url}/ops/train`, {}),
      acknowledge: (id) => send('POST', `${ops_url}/ops/alerts/acknowledge`, { id } satisfies AlertId),
      queueStats: series('/stats/queues'),
      resolve: (id) => send('POST', `${ops_url}/ops/alerts/resolve`, { id } satisfies AlertId),
      queues: async (signal) => (await call<DeadLetters>(`${ops_url}/ops/dlq`, { signal })).queues,
      redrive: (queue) => send('POST', `${ops_url}/ops/dlq/redrive`, { queue } satisfies Redrive),
      replay: (fileId) => send('POST', `${ops_url}/ops/files/${encodeURIComponent(fileId)}/replay`),
      held: (enrolleeId, cursor, signal) =>
        call(`${ops_url}/ops/candidates/${encodeURIComponent(enrolleeId)}?${searchParams({}, cursor)}`, { signal }),
      erase: (enrolleeId) => send('DELETE', `${ops_url}/ops/candidates/${encodeURIComponent(enrolleeId)}`),
    },
  };
}

async function request<Answer>(url: string, options: RequestInit): Promise<Answer> {
  const response = await fetch(url, { ...options, cache: 'no-store', credentials: 'omit' }).catch(() => {
    if (!options.signal?.aborted) reportConnection('lost');
    throw unreachable();
  });
  reportConnection('up');
  if (!response.ok) throw await problemFrom(response);
  return response.json().catch(() => {
    throw unexpectedAnswer();
  });
}

const unexpectedAnswer = (): Problem =>
  new Problem('Unexpected answer', 'The service answered in a form that this page does not understand.');

function searchParams(parameters: Record<string, string>, cursor: string | null = null): URLSearchParams {
  return new URLSearchParams(cursor === null ? parameters : { ...parameters, cursor });
}
