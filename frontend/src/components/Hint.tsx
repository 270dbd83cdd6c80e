import type { ComponentChildren } from 'preact';
import './Hint.css';

/** A term with what it means, which a press on the question mark shows. */
export function Hint({ term, children }: { term: string; children: ComponentChildren }) {
  return (
    <details class="hint">
      <summary aria-label={`What does ${term} mean?`}>?</summary>
      <p>{children}</p>
    </details>
  );
}
