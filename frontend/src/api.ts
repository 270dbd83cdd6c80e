import { Problem, problemIn, unreachable } from './problem.ts';
import type { Candidate, Contract, FileRecord, Page, Prediction } from './shapes.ts';

export interface PastQuery {
  /** RFC 3339, inclusive. */
  start: string;
  /** RFC 3339, exclusive. */
  end: string;
  source: string;
}

/** Every call that the page makes. Each rejects with a `Problem`; whoever aborts a signal ignores what comes of it. */
export interface Api {
  contract(signal: AbortSignal): Promise<Contract>;
  /** The predictions in the order of the candidates. */
  predict(candidates: Candidate[]): Promise<Prediction[]>;
  past(query: PastQuery, cursor: string | null, signal: AbortSignal): Promise<Page<Prediction>>;
  files(cursor: string | null, signal: AbortSignal): Promise<Page<FileRecord>>;
}

const PAGE_SIZE = '50';

/** The API's address, written beside the page at deployment: no trailing slash. */
export async function apiAddress(signal: AbortSignal): Promise<string> {
  try {
    const config = await answer<{ api_url: string }>('./config.json', { signal });
    return config.api_url;
  } catch (error) {
    if (error instanceof Problem && error.status === 0) throw error;
    throw new Problem('This page is not set up', 'Its config.json is missing or cannot be read. Deploy the stack again.');
  }
}

/** `onRefused` is called when the API doesn't accept the token (any more). */
export function connect(address: string, token: string, onRefused: () => void): Api {
  const call = async <Answer>(path: string, options: RequestInit): Promise<Answer> => {
    try {
      return await answer<Answer>(address + path, {
        ...options,
        headers: { ...options.headers, Authorization: `Bearer ${token}` },
      });
    } catch (error) {
      if (error instanceof Problem && error.status === 401) onRefused();
      throw error;
    }
  };

  return {
    contract: (signal) => call('/contract', { signal }),

    async predict(candidates) {
      const { predictions } = await call<{ predictions: Prediction[] }>('/predictions/predict', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(candidates),
      });
      return predictions;
    },

    async past(query, cursor, signal) {
      const page = await call<{ predictions: Prediction[]; next_cursor: string | null }>(
        `/predictions/past?${search({ ...query, limit: PAGE_SIZE }, cursor)}`,
        { signal },
      );
      return { items: page.predictions, next: page.next_cursor };
    },

    async files(cursor, signal) {
      const page = await call<{ files: FileRecord[]; next_cursor: string | null }>(
        `/files?${search({}, cursor)}`,
        { signal },
      );
      return { items: page.files, next: page.next_cursor };
    },
  };
}

async function answer<Answer>(address: string, options: RequestInit): Promise<Answer> {
  const response = await fetch(address, { ...options, cache: 'no-store', credentials: 'omit' }).catch(() => {
    throw unreachable();
  });
  if (!response.ok) throw await problemIn(response);
  return response.json().catch(() => {
    throw new Problem('Unexpected answer', 'The service answered in a form that this page does not understand.');
  });
}

function search(parameters: Record<string, string>, cursor: string | null): URLSearchParams {
  return new URLSearchParams(cursor === null ? parameters : { ...parameters, cursor });
}
