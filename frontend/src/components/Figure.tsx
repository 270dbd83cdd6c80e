import type { ComponentChildren } from 'preact';
import { Hint } from './Hint.tsx';
import './Figure.css';

interface Props {
  name: string;
  /** What the name means. */
  hint?: string;
  children: ComponentChildren;
}

/** One named value of a `<dl class="figures">`. */
export function Figure({ name, hint, children }: Props) {
  return (
    <div>
      <dt>
        {name}
        {hint && <Hint term={name.toLowerCase()}>{hint}</Hint>}
      </dt>
      <dd>{children}</dd>
    </div>
  );
}
