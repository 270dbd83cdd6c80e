import { percent } from '../../lib/format.ts';
import './Gauge.css';

interface Props {
  probability: number;
  willChange: boolean;
  /** The probability to compare with. */
  before: number | null;
}

/** A half-circle filled up to the probability, with a mark at the one to compare with. */
export function Gauge({ probability, willChange, before }: Props) {
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
