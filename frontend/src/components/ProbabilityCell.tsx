import { percent } from '../lib/format.ts';

interface Props {
  probability: number;
  willChange: boolean;
}

/** A probability in a table's cell: the number and a small bar. */
export function ProbabilityCell({ probability, willChange }: Props) {
  return (
    <span class="probability">
      <span class="probability-number">{percent(probability)}</span>
      <svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
        <rect class="bar-track" width="100" height="8" />
        <rect class={willChange ? 'likely' : 'unlikely'} width={probability * 100} height="8" />
      </svg>
    </span>
  );
}

export function VerdictCell({ willChange }: { willChange: boolean }) {
  return <span class={willChange ? 'pill likely' : 'pill unlikely'}>{willChange ? 'Likely' : 'Unlikely'}</span>;
}
