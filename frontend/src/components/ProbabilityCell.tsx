import { percent } from '../lib/format.ts';

interface Props {
  probability: number;
  willChange: boolean;
}

/** A half-circle filled up to the probability, with a mark where it was `before`. */
export function Gauge({ probability, willChange, before }: Props & { before: number | null }) {
  const arc = 'M 14 100 A 86 86 0 0 1 186 100';
  return (
    <svg class="gauge" viewBox="0 0 200 112" role="img" aria-label={`Probability ${percent(probability)}`}>
      <path class="gauge-track" d={arc} />
      <path
        class={willChange ? 'gauge-value likely' : 'gauge-value unlikely'}
        d={arc}
        pathLength={100}
        stroke-dasharray={`${probability * 100} 200`}
      />
      {before !== null && (
        <path class="gauge-before" d="M 5 100 H 23" transform={`rotate(${before * 180} 100 100)`} />
      )}
    </svg>
  );
}

/** The probability in a table's cell: the number and a small bar. */
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
