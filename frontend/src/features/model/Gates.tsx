import type { ComponentChildren } from 'preact';
import type { Gate } from '../../api/types.ts';
import { Pill } from '../../components/Pill.tsx';

/** A part of the view under a heading; `id` is unique on the page. */
export function Section({ id, title, children }: { id: string; title: string; children: ComponentChildren }) {
  return (
    <section class="section" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{title}</h2>
      {children}
    </section>
  );
}

/** What a version must pass before it may become the champion, and what it warns of. */
export function Gates({ gates, warnings = [] }: { gates: readonly Gate[]; warnings?: readonly string[] }) {
  return (
    <Section id="gates" title="Gates">
      <p class="muted">What a version must pass before it may become the champion.</p>
      <ul class="gates">
        {gates.map(({ gate, passed, sentence }) => (
          <li key={gate}>
            <Pill kind={passed ? 'ok' : 'critical'}>{passed ? 'Passed' : 'Failed'}</Pill> {sentence}
          </li>
        ))}
        {warnings.map((sentence) => (
          <li key={sentence}>
            <Pill kind="major">Warning</Pill> {sentence}
          </li>
        ))}
      </ul>
    </Section>
  );
}
