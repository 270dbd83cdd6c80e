import { connectionIs } from './connection.ts';
import { Problem, problemIn, unreachable } from './problem.ts';
import type {
  Aliases,
  Candidate,
  Model,
  Contract,
  DriftByDay,
  FileRecord,
  FileWithExamples,
  LiveVersions,
  Me,
  ListedModel,
  Page,
  Prediction,
  Traffic,
  Quality,
  Queue,
  Receipt,
  Run,
  Scores,
  Upload,
} from './types.ts';

/** Where the service answers: no trailing slashes. */
export interface Addresses {
  api_url: string;
  ops_url: string;
}

/** RFC 3339; `start` inclusive, `end` exclusive. */
export interface Range {
  start: string;
  end: string;
}

export interface PastQuery extends Range {
  source: string;
}

type Listing<Item> = (cursor: string | null, signal: AbortSignal) => Promise<Page<Item>>;
type Series<Stats> = (range: Range, signal: AbortSignal) => Promise<Stats>;

/** Every call that the page makes. Each rejects with a `Problem`; whoever aborts a signal ignores what comes of it. */
export interface Api {
  alive(): Promise<unknown>;
  me(signal: AbortSignal): Promise<Me>;
  contract(signal: AbortSignal): Promise<Contract>;
  /** The predictions in the order of the candidates. */
  predict(candidates: Candidate[]): Promise<Prediction[]>;
  /** One prediction, with what speaks for and against. */
  explain(candidate: Candidate, signal?: AbortSignal): Promise<Prediction>;
  past(query: PastQuery, cursor: string | null, limit: number, signal: AbortSignal): Promise<Page<Prediction>>;
  ofCandidate(enrolleeId: string, signal: AbortSignal): Promise<Prediction[]>;
  files: Listing<FileRecord>;
  file(fileId: string, signal: AbortSignal): Promise<FileWithExamples>;
  /** An address that shows the report, or gives the bad rows, without a token for some minutes. */
  report(fileId: string, signal: AbortSignal): Promise<string>;
  badRows(fileId: string): Promise<string>;
  uploadForm(name: string): Promise<Upload>;
  /** The file that came of an upload, once it has been seen. */
  uploaded(uploadId: string): Promise<FileRecord | null>;
  runs: Listing<Run>;
  champion(signal: AbortSignal): Promise<Model>;
  models(signal: AbortSignal): Promise<ListedModel[]>;
  card(version: string, signal: AbortSignal): Promise<string>;
  predictionStats: Series<Traffic>;
  qualityStats: Series<Quality>;
  driftStats: Series<DriftByDay>;
  scoreStats: Series<Scores>;
  liveStats(signal: AbortSignal): Promise<LiveVersions>;
  operator: Operator;
}

/** What only an operator's token may do. */
export interface Operator {
  promote(version: string, reason: string | null): Promise<unknown>;
  challenge(version: string): Promise<unknown>;
  withdrawChallenger(): Promise<unknown>;
  rollBack(): Promise<Aliases>;
  train(): Promise<{ run_id: string }>;
  queues(signal: AbortSignal): Promise<Queue[]>;
  redrive(queue: Queue['queue']): Promise<{ moved: number }>;
  replay(fileId: string): Promise<{ file_id: string }>;
  erase(enrolleeId: string): Promise<Receipt>;
}

const PAGE_SIZE = '50';

/** Where the APIs are, as written beside the page at deployment. */
export async function addresses(signal: AbortSignal): Promise<Addresses> {
  try {
    return await answer<Addresses>('./config.json', { signal });
  } catch (error) {
    if (error instanceof Problem && error.status === 0) throw error;
    throw new Problem('This page is not set up', 'Its config.json is missing or cannot be read. Deploy the stack again.');
  }
}

/** `onRefused` is called when the API doesn't accept the token (any more). */
export function connect({ api_url, ops_url }: Addresses, token: string, onRefused: () => void): Api {
  const call = async <Answer>(address: string, options: RequestInit): Promise<Answer> => {
    try {
      return await answer<Answer>(address, {
        ...options,
        headers: { ...options.headers, Authorization: `Bearer ${token}` },
      });
    } catch (error) {
      if (error instanceof Problem && error.status === 401) onRefused();
      throw error;
    }
  };
  const get = <Answer>(path: string, signal?: AbortSignal): Promise<Answer> =>
    call(api_url + path, signal ? { signal } : {});
  const send = <Answer>(method: string, address: string, body?: unknown, signal?: AbortSignal): Promise<Answer> =>
    call(address, {
      method,
      headers: { 'Content-Type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
    });
  const series =
    <Stats>(path: string): Series<Stats> =>
    ({ start, end }, signal) =>
      get(`${path}?${search({ start, end })}`, signal);

  return {
    alive: () => answer(`${api_url}/health`, {}),
    me: (signal) => get('/me', signal),
    contract: (signal) => get('/contract', signal),

    async predict(candidates) {
      const path = `${api_url}/predictions/predict`;
      return (await send<{ predictions: Prediction[] }>('POST', path, candidates)).predictions;
    },

    async explain(candidate, signal) {
      const path = `${api_url}/predictions/predict?explain=true`;
      const { predictions } = await send<{ predictions: Prediction[] }>('POST', path, [candidate], signal);
      const [prediction] = predictions;
      if (!prediction) throw misunderstood();
      return prediction;
    },

    async past(query, cursor, limit, signal) {
      const page = await get<{ predictions: Prediction[]; next_cursor: string | null }>(
        `/predictions/past?${search({ ...query, limit: String(limit) }, cursor)}`,
        signal,
      );
      return { items: page.predictions, next: page.next_cursor };
    },

    async ofCandidate(enrolleeId, signal) {
      const path = `/candidates/${encodeURIComponent(enrolleeId)}/predictions`;
      return (await get<{ predictions: Prediction[] }>(path, signal)).predictions;
    },

    async files(cursor, signal) {
      const page = await get<{ files: FileRecord[]; next_cursor: string | null }>(
        `/files?${search({ limit: PAGE_SIZE }, cursor)}`,
        signal,
      );
      return { items: page.files, next: page.next_cursor };
    },

    file: (fileId, signal) => get(`/files/${encodeURIComponent(fileId)}`, signal),
    report: async (fileId, signal) => (await get<{ url: string }>(`/files/${encodeURIComponent(fileId)}/report`, signal)).url,
    badRows: async (fileId) => (await get<{ url: string }>(`/files/${encodeURIComponent(fileId)}/bad`)).url,
    uploadForm: (name) => send('POST', `${api_url}/uploads`, { name }),

    async uploaded(uploadId) {
      const { files } = await get<{ files: FileRecord[] }>(`/files?${search({ upload_id: uploadId, limit: '1' })}`);
      return files[0] ?? null;
    },

    async runs(cursor, signal) {
      const page = await get<{ runs: Run[]; next_cursor: string | null }>(
        `/runs?${search({ limit: PAGE_SIZE }, cursor)}`,
        signal,
      );
      return { items: page.runs, next: page.next_cursor };
    },

    champion: (signal) => get('/model', signal),
    models: async (signal) => (await get<{ models: ListedModel[] }>('/models', signal)).models,
    card: async (version, signal) =>
      (await get<{ url: string }>(`/models/${encodeURIComponent(version)}/card`, signal)).url,

    predictionStats: series('/stats/predictions'),
    qualityStats: series('/stats/quality'),
    driftStats: series('/stats/drift'),
    scoreStats: series('/stats/scores'),
    liveStats: (signal) => get('/stats/live', signal),

    operator: {
      promote: (version, reason) =>
        send('POST', `${ops_url}/ops/models/${encodeURIComponent(version)}/promote`, { force: reason !== null, reason }),
      challenge: (version) => send('POST', `${ops_url}/ops/models/${encodeURIComponent(version)}/challenge`),
      withdrawChallenger: () => send('DELETE', `${ops_url}/ops/challenger`),
      rollBack: () => send('POST', `${ops_url}/ops/models/rollback`),
      train: () => send('POST', `${ops_url}/ops/train`, {}),
      queues: async (signal) => (await call<{ queues: Queue[] }>(`${ops_url}/ops/dlq`, { signal })).queues,
      redrive: (queue) => send('POST', `${ops_url}/ops/dlq/redrive`, { queue }),
      replay: (fileId) => send('POST', `${ops_url}/ops/files/${encodeURIComponent(fileId)}/replay`),
      erase: (enrolleeId) => send('DELETE', `${ops_url}/ops/candidates/${encodeURIComponent(enrolleeId)}`),
    },
  };
}

async function answer<Answer>(address: string, options: RequestInit): Promise<Answer> {
  const response = await fetch(address, { ...options, cache: 'no-store', credentials: 'omit' }).catch(() => {
    if (!options.signal?.aborted) connectionIs('lost');
    throw unreachable();
  });
  connectionIs('there');
  if (!response.ok) throw await problemIn(response);
  return response.json().catch(() => {
    throw misunderstood();
  });
}

const misunderstood = (): Problem =>
  new Problem('Unexpected answer', 'The service answered in a form that this page does not understand.');

function search(parameters: Record<string, string>, cursor: string | null = null): URLSearchParams {
  return new URLSearchParams(cursor === null ? parameters : { ...parameters, cursor });
}
