import type { ComponentChildren, RefObject } from 'preact';
import './TableScroll.css';

interface Props {
  label: string;
  element?: RefObject<HTMLDivElement | null>;
  children: ComponentChildren;
}

/** The container in which a table scrolls sideways, so that the page never does. */
export function TableScroll({ label, element, children }: Props) {
  return (
    <div class="table-scroll" role="region" aria-label={label} tabIndex={0} {...(element ? { ref: element } : {})}>
      {children}
    </div>
  );
}
