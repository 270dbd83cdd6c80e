import type { ComponentChildren } from 'preact';
import './Figure.css';

/** One named value of a `<dl class="figures">`. */
export function Figure({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
