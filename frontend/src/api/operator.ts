import { type Http, searchParams } from './http.ts';
import type {
  Alert,
  AlertId,
  Aliases,
  DeadLetterQueue,
  DeadLetters,
  Decision,
  NewThreshold,
  Promotion,
  Queue,
  QueueDepths,
  Receipt,
  Redrive,
  Redriven,
  Replay,
  Series,
  SubjectAccess,
  TrainingPreview,
  TrainingStarted,
} from './types.ts';

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

/** The operators' API at an address; the numbers of queues are the other API's. */
export function operatorOf({ call, send }: Http, url: string, queueStats: Series<QueueDepths>): Operator {
  return {
    promote: (version, reason) =>
      send('POST', `${url}/ops/models/${encodeURIComponent(version)}/promote`, {
        force: reason !== null,
        reason,
      } satisfies Promotion),
    setChallenger: (version) => send('POST', `${url}/ops/models/${encodeURIComponent(version)}/challenge`),
    removeChallenger: () => send('DELETE', `${url}/ops/challenger`),
    rollBack: () => send('POST', `${url}/ops/models/rollback`),
    changeThreshold: (version, decision) =>
      send('POST', `${url}/ops/models/${encodeURIComponent(version)}/threshold`, decision),
    trainingPreview: (signal) => call(`${url}/ops/train`, { signal }),
    train: () => send('POST', `${url}/ops/train`, {}),
    acknowledge: (id) => send('POST', `${url}/ops/alerts/acknowledge`, { id } satisfies AlertId),
    queueStats,
    resolve: (id) => send('POST', `${url}/ops/alerts/resolve`, { id } satisfies AlertId),
    queues: async (signal) => (await call<DeadLetters>(`${url}/ops/dlq`, { signal })).queues,
    redrive: (queue) => send('POST', `${url}/ops/dlq/redrive`, { queue } satisfies Redrive),
    replay: (fileId) => send('POST', `${url}/ops/files/${encodeURIComponent(fileId)}/replay`),
    held: (enrolleeId, cursor, signal) =>
      call(`${url}/ops/candidates/${encodeURIComponent(enrolleeId)}?${searchParams({}, cursor)}`, { signal }),
    erase: (enrolleeId) => send('DELETE', `${url}/ops/candidates/${encodeURIComponent(enrolleeId)}`),
  };
}
