import { reportConnection } from './connection.ts';
import { Problem, problemFrom, unreachable } from './problem.ts';

/** Requests with the token of the person who is signed in. Each rejects with a `Problem`. */
export interface Http {
  /** The headers and the text of an answer. */
  text(url: string, options?: RequestInit): Promise<{ headers: Headers; text: string }>;
  /** The JSON of an answer. */
  call<Answer>(url: string, options?: RequestInit): Promise<Answer>;
  /** The same, with a body as JSON. */
  send<Answer>(method: string, url: string, body?: unknown, signal?: AbortSignal): Promise<Answer>;
}

/** Sends the token of each moment; `onRefused` is called when it is answered 401. */
export function authorized(token: () => string, onRefused: () => void): Http {
  const fetchWithToken = async (url: string, options: RequestInit = {}): Promise<Response> => {
    const used = token();
    try {
      return await answer(url, { ...options, headers: { ...options.headers, Authorization: `Bearer ${used}` } });
    } catch (error) {
      if (error instanceof Problem && error.status === 401 && used === token()) onRefused();
      throw error;
    }
  };
  const call = async <Answer>(url: string, options?: RequestInit): Promise<Answer> =>
    jsonOf<Answer>(await fetchWithToken(url, options));
  return {
    async text(url, options) {
      const response = await fetchWithToken(url, options);
      const text = await response.text().catch(() => {
        throw unreachable();
      });
      return { headers: response.headers, text };
    },
    call,
    send: (method, url, body, signal) =>
      call(url, {
        method,
        headers: { 'Content-Type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(signal ? { signal } : {}),
      }),
  };
}

/** The JSON that is at an address for everybody. */
export async function openly<Answer>(url: string, options: RequestInit = {}): Promise<Answer> {
  return jsonOf<Answer>(await answer(url, options));
}

export const unexpectedAnswer = (): Problem =>
  new Problem('Unexpected answer', 'The service answered in a form that this page does not understand.');

export function searchParams(parameters: Record<string, string>, cursor: string | null = null): URLSearchParams {
  return new URLSearchParams(cursor === null ? parameters : { ...parameters, cursor });
}

async function answer(url: string, options: RequestInit): Promise<Response> {
  const response = await fetch(url, { ...options, cache: 'no-store', credentials: 'omit' }).catch(() => {
    if (!options.signal?.aborted) reportConnection('lost');
    throw unreachable();
  });
  reportConnection('up');
  if (!response.ok) throw await problemFrom(response);
  return response;
}

async function jsonOf<Answer>(response: Response): Promise<Answer> {
  return response.json().catch(() => {
    throw unexpectedAnswer();
  });
}
