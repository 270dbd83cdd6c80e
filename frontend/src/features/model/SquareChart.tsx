import type { ComponentChildren } from 'preact';
import { NumbersTable } from '../../components/NumbersTable.tsx';
import './SquareChart.css';

interface Props {
  title: string;
  /** What the axes show, both from 0 to 100%. */
  x: string;
  y: string;
  /** What the colours mean, by CSS class. */
  legend?: readonly { name: string; colour: Colour }[];
  heads: readonly string[];
  records: readonly (readonly string[])[];
  children: ComponentChildren;
}

export type Colour = 'accent' | 'orange';

/** The coordinates of a share on either axis: the drawing is 100 wide and high, upwards. */
export const across = (share: number): number => 100 * share;
export const up = (share: number): number => 100 - 100 * share;

/** Two shares against each other, with the diagonal; its numbers are a table below. */
export function SquareChart({ title, x, y, legend = [], heads, records, children }: Props) {
  return (
    <figure class="square">
      <figcaption>{title}</figcaption>
      {legend.length > 0 && (
        <ul class="square-legend">
          {legend.map(({ name, colour }) => (
            <li key={name} class={`square-${colour}`}>
              {name}
            </li>
          ))}
        </ul>
      )}
      <p class="square-axis">{y}</p>
      <svg viewBox="-15 -4 122 116" aria-hidden="true">
        {[0, 0.25, 0.5, 0.75, 1].map((share) => (
          <g key={share}>
            <line class="square-grid" x1="0" x2="100" y1={up(share)} y2={up(share)} />
            <text x="-2" y={up(share) + 1.5} text-anchor="end">{`${across(share)}%`}</text>
            <text x={across(share)} y="107" text-anchor="middle">{`${across(share)}%`}</text>
          </g>
        ))}
        <line class="square-diagonal" x1="0" y1="100" x2="100" y2="0" />
        {children}
      </svg>
      <p class="square-axis square-x">{x}</p>
      <details>
        <summary>Numbers</summary>
        <NumbersTable title={title} heads={heads} records={records} />
      </details>
    </figure>
  );
}
