import type { FieldError } from './types.ts';

/** Something that went wrong, in words for the person in front of the page. */
export class Problem extends Error {
  constructor(
    readonly title: string,
    readonly detail: string,
    /** The answer's HTTP status; 0 without an answer, null without a request. */
    readonly status: number | null = null,
    readonly errors: readonly FieldError[] = [],
  ) {
    super(`${title}: ${detail}`);
  }

  /** Whether the same request may succeed later. */
  get retryable(): boolean {
    return this.status === 0 || this.status === 429 || (this.status ?? 0) >= 500;
  }
}

export const unreachable = (): Problem =>
  new Problem(
    'No connection to the service',
    'Nothing on this page is lost. Check your network and that the service is running, then try again.',
    0,
  );

/** The problem in a failed answer: its RFC 9457 document, or a text for the status without one. */
export async function problemFrom(response: Response): Promise<Problem> {
  const document: Partial<Pick<Problem, 'title' | 'detail' | 'errors'>> = (await response.json().catch(() => null)) ?? {};
  const [title, detail] = fallback(response.status);
  return new Problem(document.title ?? title, document.detail ?? detail, response.status, document.errors ?? []);
}

export function asProblem(error: unknown): Problem {
  return error instanceof Problem
    ? error
    : new Problem('Something went wrong on this page', `Reload it and try again. (${String(error)})`);
}

function fallback(status: number): [title: string, detail: string] {
  if (status === 403) return ['Not allowed', 'Your token does not permit this. Ask for one that does.'];
  if (status === 413) return ['Too large', 'Send less at once.'];
  if (status === 429) return ['Too many requests', 'Wait a moment, then try again.'];
  if (status >= 500) return ['The service failed', 'Try again in a moment. If it keeps failing, report it to an operator.'];
  return [`The service answered ${status}`, 'Try again. If it keeps failing, report it to an operator.'];
}
