import type { Endpoints } from './endpoints.ts';
import { authorized, openly, searchParams, unexpectedAnswer } from './http.ts';
import { type Operator, operatorOf } from './operator.ts';
import type {
  Alert,
  AlertState,
  Candidate,
  Contract,
  CsvPage,
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
  OperatingPoints,
  Outcome,
  OutcomeReport,
  Outcomes,
  Page,
  PairedDifference,
  Prediction,
  Quality,
  Range,
  Ranked,
  Requests,
  Run,
  ScoredFile,
  ScoredOrder,
  Scores,
  Series,
  State,
  StoredPrediction,
  Traffic,
  Upload,
} from './types.ts';

export type { Range } from './types.ts';

/** Those of a range of time and of one or all sources, of a file, of a candidate, or of one request. */
export type PastQuery =
  | (Range & { source: string })
  | { file_id: string }
  | { enrollee_id: string }
  /** The id of any of the request's predictions. */
  | { made_with: string };

type Listing<Item> = (cursor: string | null, signal: AbortSignal) => Promise<Page<Item>>;

/** Every call that the page makes. Each rejects with a `Problem`; a caller that aborts a signal ignores the result. */
export interface Api {
  health(): Promise<Health>;
  me(signal: AbortSignal): Promise<Me>;
  contract(signal: AbortSignal): Promise<Contract>;
  /** Scores a file of candidates as it is; `type` is text/csv or application/gzip. */
  predictFile(file: Blob, type: string): Promise<ScoredFile>;
  /** One prediction with the contribution of each feature; kept and counted only if it is to be stored. */
  explain(candidate: Candidate, store: boolean, signal?: AbortSignal): Promise<StoredPrediction>;
  /** A stored prediction with its explanation. */
  prediction(id: string, signal: AbortSignal): Promise<StoredPrediction>;
  pastPredictions(query: PastQuery, cursor: string | null, limit: number, signal: AbortSignal): Promise<Page<Prediction>>;
  /** The same as CSV: the pages one after the other are one file. */
  exportPredictions(query: PastQuery, cursor: string | null, signal: AbortSignal): Promise<CsvPage>;
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

const PAGE_SIZE = '50';
const EXPORT_SIZE = '5000';

interface NextCursor {
  next_cursor: string | null;
}

/** The APIs, with the token of each moment; `onRefused` is called when they answer 401. */
export function connect({ api_url, ops_url }: Endpoints, token: () => string, onRefused: () => void): Api {
  const http = authorized(token, onRefused);
  const { call, send } = http;
  const get = <Answer>(path: string, signal?: AbortSignal): Promise<Answer> =>
    call(api_url + path, signal ? { signal } : {});
  const page = async <Item>(
    path: string,
    of: string,
    parameters: Record<string, string>,
    cursor: string | null,
    signal: AbortSignal,
  ): Promise<Page<Item>> => {
    const found = await get<Record<string, Item[]> & NextCursor>(`${path}?${searchParams(parameters, cursor)}`, signal);
    return { items: found[of] ?? [], next: found.next_cursor };
  };
  const series =
    <Stats>(path: string): Series<Stats> =>
    ({ start, end }, signal) =>
      get(`${path}?${searchParams({ start, end })}`, signal);

  return {
    health: () => openly(`${api_url}/health`),
    me: (signal) => get('/me', signal),
    contract: (signal) => get('/contract', signal),

    predictFile: (file, type) =>
      call(`${api_url}/predictions/predict`, { method: 'POST', headers: { 'Content-Type': type }, body: file }),

    async explain(candidate, store, signal) {
      const url = `${api_url}/predictions/predict?explain=true${store ? '' : '&store=false'}`;
      const { predictions, notes } = await send<ScoredFile>('POST', url, [candidate], signal);
      const [prediction] = predictions;
      if (!prediction) throw unexpectedAnswer();
      return { ...prediction, notes };
    },

    prediction: (id, signal) => get(`/predictions/${encodeURIComponent(id)}`, signal),

    pastPredictions: (query, cursor, limit, signal) =>
      page('/predictions/past', 'predictions', { ...query, limit: String(limit) }, cursor, signal),

    async exportPredictions(query, cursor, signal) {
      const path = `/predictions/export?${searchParams({ ...query, limit: EXPORT_SIZE }, cursor)}`;
      const { headers, text } = await http.text(api_url + path, { signal });
      const total = headers.get('X-Total-Count');
      return { text, next: nextCursor(headers.get('Link')), total: total === null ? null : Number(total) };
    },

    async candidatePredictions(enrolleeId, signal) {
      const path = `/candidates/${encodeURIComponent(enrolleeId)}/predictions`;
      return (await get<{ predictions: Prediction[] }>(path, signal)).predictions;
    },

    candidateOutcomes: async (enrolleeId, signal) =>
      (await get<{ outcomes: Outcome[] }>(`/candidates/${enrolleeId}/outcomes`, signal)).outcomes,
    reportOutcome: async (report) => void (await send('POST', `${api_url}/outcomes`, [report])),

    files: (range, cursor, signal) => page('/files', 'files', { ...range, limit: PAGE_SIZE }, cursor, signal),
    file: (fileId, signal) => get(`/files/${encodeURIComponent(fileId)}`, signal),
    rankedCandidates: (fileId, aboveOnly, cursor, signal) =>
      page(
        `/files/${encodeURIComponent(fileId)}/predictions`,
        'predictions',
        { will_change: String(aboveOnly) },
        cursor,
        signal,
      ),
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

    runs: (cursor, signal) => page('/runs', 'runs', { limit: PAGE_SIZE }, cursor, signal),

    state: (signal) => get('/state', signal),
    alerts: (state, cursor, signal) => page('/alerts', 'alerts', { state, limit: '200' }, cursor, signal),
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

    operator: operatorOf(http, ops_url, series('/stats/queues')),
  };
}

/** The cursor in the address of a `Link` to the next page (RFC 8288); null without one. */
function nextCursor(link: string | null): string | null {
  const [, parameters = ''] = /<[^>]*\?([^>]*)>; rel="next"/.exec(link ?? '') ?? [];
  return new URLSearchParams(parameters).get('cursor');
}
