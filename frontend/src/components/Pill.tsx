import type { ComponentChildren } from 'preact';
import './Pill.css';

export type PillKind = 'ok' | 'minor' | 'major' | 'critical' | 'likely' | 'unlikely';

/** A word on a coloured ground, with a dot. */
export function Pill({ kind, children }: { kind: PillKind; children: ComponentChildren }) {
  return <span class={`pill ${kind}`}>{children}</span>;
}
