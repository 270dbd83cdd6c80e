import type { ComponentChildren } from 'preact';
import './TableScroll.css';

/** The container in which a table scrolls sideways, so that the page never does. */
export function TableScroll({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    <div class="table-scroll" role="region" aria-label={label} tabIndex={0}>
      {children}
    </div>
  );
}
