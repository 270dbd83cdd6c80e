import type { ComponentChildren } from 'preact';
import { useConnectionLost } from '../hooks/useConnection.ts';
import type { Problem } from '../api/problem.ts';
import type { FieldError } from '../api/types.ts';
import './Notice.css';

interface Props {
  problem: Problem;
  /** The errors to list; those shown elsewhere, beside a form's fields, are left out. */
  errors?: readonly FieldError[];
  onRetry?: (() => void) | undefined;
  /** Whether no notice above the page says that the connection is lost. */
  alone?: boolean;
}

/** A problem in the API's words, with a button to try again if `onRetry` is set; a lost connection is shown above the page. */
export function ProblemNotice({ problem, errors = problem.errors, onRetry, alone = false }: Props) {
  const lost = useConnectionLost();
  if (problem.status === 0 && lost && !alone) return null;
  return (
    <div class="notice notice-error" role="alert">
      <p class="notice-title">{problem.title}</p>
      <p>{problem.detail}</p>
      {errors.map(({ row, field, reason }) => (
        <p key={`${row} ${field} ${reason}`}>
          {field !== null && `${field}: `}
          {reason}
        </p>
      ))}
      {onRetry && (
        <button type="button" class="button" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}

/** What came of something that was asked for. */
export function Outcome({ failed = false, children }: { failed?: boolean; children: ComponentChildren }) {
  return <div class={failed ? 'notice notice-error' : 'notice notice-good'}>{children}</div>;
}

export function Note({ children }: { children: ComponentChildren }) {
  return <p class="notice notice-info">{children}</p>;
}

export function Loading({ what }: { what: string }) {
  return (
    <p class="loading" role="status">
      <span class="spinner" aria-hidden="true" />
      Loading {what}…
    </p>
  );
}

export function Empty({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      <p>{children}</p>
    </div>
  );
}
