import type { ComponentChildren } from 'preact';
import { useContext, useEffect, useId, useRef, useState } from 'preact/hooks';
import { asProblem } from '../../api/problem.ts';
import { NumbersTable } from '../../components/NumbersTable.tsx';
import type { Cell } from '../../lib/cells.ts';
import { formatCsv } from '../../lib/csv.ts';
import { saveText } from '../../lib/download.ts';
import { savePicture } from './picture.ts';
import type { Drawing } from './plots.ts';
import { csvRecords, readout } from './readout.ts';
import type { Series } from './series.ts';
import { type Mark, TimelineContext, placesAt } from './timeline.ts';
import './Chart.css';

type Plots = typeof import('./plots.ts');

/** What is drawn beside the data: the series that are left out, and the marks of what happened. */
export interface Shown {
  hidden: ReadonlySet<string>;
  marks: readonly Mark[];
}

interface Props {
  title: string;
  /** What the chart shows, in one sentence. */
  finding?: string | null;
  note?: string;
  /** What the colours mean; each series can be left out of the drawing. */
  legend?: readonly Series[];
  /** The text to show instead of an empty chart; null if there is something to draw. */
  empty: string | null;
  draw: (plots: Plots, width: number, shown: Shown) => Drawing;
  /** What `draw` depends on. */
  inputs: readonly unknown[];
  /** The same numbers as a table, for screen readers and for exact values. */
  heads: readonly string[];
  records: readonly (readonly Cell[])[];
  /** For a chart over time: when each record begins, and how long each lasts (0: an instant). */
  over?: { instants: readonly string[]; seconds: number };
  /** For each record a fragment that leads to the rows behind it. */
  links?: readonly string[];
  wide?: boolean;
  children?: ComponentChildren;
}

/** A chart on a card, with its numbers as a table below. */
export function Chart(props: Props) {
  const { title, finding, note, legend = [], empty, heads, records, over, links, wide, children } = props;
  const id = useId();
  const { marks } = useContext(TimelineContext);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const drawing = useRef<Drawing | null>(null);
  const file = title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  const toggle = (name: string): void => {
    const changed = new Set(hidden);
    if (!changed.delete(name)) changed.add(name);
    setHidden(changed);
  };
  return (
    <section class={wide ? 'card chart chart-wide' : 'card chart'} aria-labelledby={id}>
      <div class="chart-head">
        <h2 id={id}>{title}</h2>
        {empty === null && (
          <div class="chart-tools" role="group" aria-label={`Save: ${title}`}>
            <button
              type="button"
              class="button button-quiet"
              onClick={() => saveText(`${file}.csv`, 'text/csv', formatCsv(csvRecords(heads, records, over?.instants)))}
            >
              CSV
            </button>
            <button
              type="button"
              class="button button-quiet"
              onClick={() => drawing.current && void savePicture(`${file}.png`, title, drawing.current)}
            >
              PNG
            </button>
          </div>
        )}
      </div>
      {finding && empty === null && <p class="finding">{finding}</p>}
      {note && <p class="muted small">{note}</p>}
      {legend.length > 0 && (
        <ul class="legend">
          {legend.map(({ name, colour }) => (
            <li key={name}>
              <button
                type="button"
                class="legend-item"
                style={{ '--swatch': `var(--${colour})` }}
                aria-pressed={!hidden.has(name)}
                onClick={() => toggle(name)}
              >
                {name}
              </button>
            </li>
          ))}
        </ul>
      )}
      {empty === null ? (
        <Canvas {...props} shown={{ hidden, marks: over ? marks : NO_MARKS }} drawing={drawing} />
      ) : (
        <p class="chart-empty">{empty}</p>
      )}
      {children}
      {records.length > 0 && (
        <details class="numbers">
          <summary>Numbers</summary>
          <NumbersTable title={title} heads={heads} records={records} links={links} />
        </details>
      )}
    </section>
  );
}

/** Those of a chart that isn't over time: the same ones each time, so that it isn't drawn again. */
const NO_MARKS: readonly Mark[] = [];

/** A press that moves less than this many pixels is a click. */
const CLICK = 6;

/**
 * The drawing; it is drawn again when its width or its data change. Over time it shows what is pointed at in any chart,
 * takes a range that is dragged over, and a click leads to the rows behind it.
 */
function Canvas({
  title,
  draw,
  inputs,
  heads,
  records,
  over,
  links,
  shown,
  drawing,
}: Props & { shown: Shown; drawing: { current: Drawing | null } }) {
  const container = useRef<HTMLDivElement>(null);
  const { crosshair, onRange } = useContext(TimelineContext);
  const [width, setWidth] = useState(0);
  const [plots, setPlots] = useState<Plots | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [scale, setScale] = useState<ReturnType<Drawing['scale']>>();
  const [at, setAt] = useState<Date | null>(null);
  const [drag, setDrag] = useState<{ from: number; to: number } | null>(null);

  useEffect(() => {
    import('./plots.ts').then(setPlots, (error: unknown) => setFailure(asProblem(error).detail));
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
    if (container.current) observer.observe(container.current);
    return () => observer.disconnect();
  }, []);
  useEffect(() => (over ? crosshair.follow(setAt) : undefined), [crosshair, over !== undefined]);
  useEffect(() => {
    if (!plots || width === 0) return;
    const drawn = draw(plots, width, shown);
    drawn.setAttribute('role', 'img');
    drawn.setAttribute('aria-label', `${title}. The numbers are in the table below.`);
    container.current?.replaceChildren(drawn);
    drawing.current = drawn;
    setScale(over && drawn.scale('x'));
  }, [plots, width, shown.hidden, shown.marks, ...inputs]);

  if (failure) return <p class="chart-empty">The chart could not be loaded. {failure}</p>;
  const xOf = (event: PointerEvent): number => event.clientX - (container.current?.getBoundingClientRect().left ?? 0);
  const momentAt = (x: number): Date | null => (scale?.invert ? new Date(Number(scale.invert(x))) : null);
  const places = at && over ? placesAt(over.instants, over.seconds, at) : [];

  const begin = (event: PointerEvent): void => {
    if (scale && event.button === 0 && event.pointerType === 'mouse') setDrag({ from: xOf(event), to: xOf(event) });
  };
  const move = (event: PointerEvent): void => {
    const x = xOf(event);
    crosshair.move(momentAt(x));
    if (drag) setDrag({ ...drag, to: x });
  };
  const finish = (event: PointerEvent): void => {
    setDrag(null);
    const x = xOf(event);
    const [from, to] = [drag && momentAt(drag.from), momentAt(x)];
    if (drag && from && to && Math.abs(x - drag.from) >= CLICK) onRange(from, to);
    else follow(event, to);
  };
  const follow = (event: PointerEvent, moment: Date | null): void => {
    // Observable Plot binds to each mark its place in the data.
    const bound: unknown = (event.target as { __data__?: unknown }).__data__;
    const [place] = over && moment ? placesAt(over.instants, over.seconds, moment) : [bound];
    const link = typeof place === 'number' ? links?.[place] : undefined;
    if (link) location.hash = link;
  };

  return (
    <>
      <div
        class={links ? 'canvas canvas-linked' : 'canvas'}
        // Before the tips of Observable Plot, which keep the press for themselves.
        onPointerDownCapture={begin}
        onPointerMove={move}
        onPointerUp={finish}
        onPointerLeave={() => {
          crosshair.move(null);
          setDrag(null);
        }}
      >
        <div ref={container} />
        {at && scale && <div class="crosshair" style={{ left: `${Number(scale.apply(at))}px` }} />}
        {drag && Math.abs(drag.to - drag.from) >= CLICK && (
          <div
            class="brush"
            style={{ left: `${Math.min(drag.from, drag.to)}px`, width: `${Math.abs(drag.to - drag.from)}px` }}
          />
        )}
      </div>
      {over && (
        <p class="readout small muted">
          {places.map((place) => readout(heads, records[place] ?? [])).join('; ')}
          {at && places.length === 0 && 'Nothing at this time'}
        </p>
      )}
    </>
  );
}
