import { percent } from '../../lib/format.ts';
import type { Scale } from '../../lib/verdict.ts';
import './Gauge.css';

interface Props {
  probability: number;
  willChange: boolean;
  /** The probability to compare with. */
  before: number | null;
  scale: Scale;
}

/** A half-circle filled up to the probability, with marks at the average, at the threshold, and at the one before. */
export function Gauge({ probability, willChange, before, scale: { average, threshold } }: Props) {
  const arc = 'M 14 100 A 86 86 0 0 1 186 100';
  return (
    <>
      <svg class="gauge" viewBox="0 0 200 112" role="img" aria-label={`Probability ${percent(probability)}`}>
        <path class="gauge-track" d={arc} />
        <path
          class={willChange ? 'gauge-value likely' : 'gauge-value unlikely'}
          d={arc}
          pathLength={100}
          stroke-dasharray={`${probability * 100} 200`}
        />
        <Mark kind="average" at={average} />
        <Mark kind="threshold" at={threshold} />
        <Mark kind="before" at={before} />
      </svg>
      {average !== null && threshold !== null && (
        <p class="gauge-key" aria-hidden="true">
          <span class="gauge-key-average">average {percent(average)}</span>
          <span class="gauge-key-threshold">threshold {percent(threshold)}</span>
        </p>
      )}
    </>
  );
}

function Mark({ kind, at }: { kind: 'average' | 'threshold' | 'before'; at: number | null }) {
  return at === null ? null : <path class={`gauge-${kind}`} d="M 3 100 H 25" transform={`rotate(${at * 180} 100 100)`} />;
}
