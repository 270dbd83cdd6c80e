import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { asProblem } from '../../api/problem.ts';
import { TableScroll } from '../../components/TableScroll.tsx';
import type { Drawing } from './plots.ts';
import type { Series } from './series.ts';
import './Chart.css';

type Plots = typeof import('./plots.ts');

interface Props {
  title: string;
  note?: string;
  /** What the colours mean. */
  legend?: readonly Series[];
  /** The text to show instead of an empty chart; null if there is something to draw. */
  empty: string | null;
  draw: (plots: Plots, width: number) => Drawing;
  /** What `draw` depends on. */
  inputs: readonly unknown[];
  /** The same numbers as a table, for screen readers and for exact values. */
  heads: readonly string[];
  records: readonly (readonly (string | number)[])[];
  wide?: boolean;
  children?: ComponentChildren;
}

/** A chart on a card, with its numbers as a table below. */
export function Chart({ title, note, legend = [], empty, draw, inputs, heads, records, wide, children }: Props) {
  const id = useId();
  return (
    <section class={wide ? 'card chart chart-wide' : 'card chart'} aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {note && <p class="muted small">{note}</p>}
      {legend.length > 0 && (
        <ul class="legend">
          {legend.map(({ name, colour }) => (
            <li key={name} class={`legend-${colour}`}>
              {name}
            </li>
          ))}
        </ul>
      )}
      {empty === null ? <Canvas title={title} draw={draw} inputs={inputs} /> : <p class="chart-empty">{empty}</p>}
      {children}
      {records.length > 0 && (
        <details class="numbers">
          <summary>Numbers</summary>
          <TableScroll label={`Numbers: ${title}`}>
            <table>
              <thead>
                <tr>
                  {heads.map((head) => (
                    <th key={head} scope="col">
                      {head}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {records.map((record, at) => (
                  <tr key={at}>
                    {record.map((cell, column) => (
                      <td key={column} class={typeof cell === 'number' ? 'numeric' : undefined}>
                        {typeof cell === 'number' ? cell.toLocaleString('en', { maximumFractionDigits: 4 }) : cell}
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </TableScroll>
        </details>
      )}
    </section>
  );
}

/** The drawing; it is drawn again when its width or its data change. */
function Canvas({ title, draw, inputs }: Pick<Props, 'title' | 'draw' | 'inputs'>) {
  const container = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  const [plots, setPlots] = useState<Plots | null>(null);
  const [failure, setFailure] = useState<string | null>(null);

  useEffect(() => {
    import('./plots.ts').then(setPlots, (error: unknown) => setFailure(asProblem(error).detail));
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
    if (container.current) observer.observe(container.current);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    if (!plots || width === 0) return;
    const drawing = draw(plots, width);
    drawing.setAttribute('role', 'img');
    drawing.setAttribute('aria-label', `${title}. The numbers are in the table below.`);
    container.current?.replaceChildren(drawing);
  }, [plots, width, ...inputs]);

  if (failure) return <p class="chart-empty">The chart could not be loaded. {failure}</p>;
  return <div class="canvas" ref={container} />;
}
