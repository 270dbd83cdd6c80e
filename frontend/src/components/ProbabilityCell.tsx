import { percent } from '../lib/format.ts';
import { Bar } from './Bar.tsx';
import { Pill } from './Pill.tsx';
import './ProbabilityCell.css';

interface Props {
  probability: number;
  willChange: boolean;
}

/** A probability in a table's cell: the number and a small bar. */
export function ProbabilityCell({ probability, willChange }: Props) {
  return (
    <span class="probability">
      <span class="probability-number">{percent(probability)}</span>
      <Bar share={probability} fill={willChange ? 'likely' : 'unlikely'} />
    </span>
  );
}

export function VerdictCell({ willChange }: { willChange: boolean }) {
  return <Pill kind={willChange ? 'likely' : 'unlikely'}>{willChange ? 'Above threshold' : 'Below'}</Pill>;
}
