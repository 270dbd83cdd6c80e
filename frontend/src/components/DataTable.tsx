import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { useRowWindow } from '../hooks/useRowWindow.ts';
import { TableScroll } from './TableScroll.tsx';
import './DataTable.css';

export interface TableColumn<Row> {
  key: string;
  label: string;
  cell: (row: Row) => ComponentChildren;
  /** Aligned to the right. */
  numeric?: boolean;
  /** The value to order the rows by when this column's heading is pressed. */
  rank?: (row: Row) => Rank;
  /** Whether pressing the heading first puts the largest on top. */
  descendingFirst?: boolean;
}

type Rank = number | string | null;

interface TableProps<Row> {
  caption: string;
  columns: readonly TableColumn<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string | number;
  /** Whether all rows have the same height: of many, only those in sight are rendered. */
  uniform?: boolean;
  /** Called when the last row comes into view. */
  onEnd?: (() => void) | undefined;
}

/** A table of rows, in the order in which they are passed. */
export function DataTable<Row>(props: TableProps<Row>) {
  return <Table {...props} heading={(column) => <Heading column={column} />} />;
}

interface Order {
  key: string;
  descending: boolean;
}

/**
 * A table whose headings order the rows, where their columns can be ranked: pressed once, the more useful end is on top,
 * pressed twice, the other. Missing values come last.
 */
export function SortableTable<Row>(props: TableProps<Row>) {
  const [order, setOrder] = useState<Order | null>(null);
  const heading = (column: TableColumn<Row>): ComponentChildren =>
    column.rank ? (
      <Heading column={column} direction={directionOf(column.key, order)}>
        <button
          type="button"
          class="heading sort"
          onClick={() =>
            setOrder({
              key: column.key,
              descending: order?.key === column.key ? !order.descending : column.descendingFirst === true,
            })
          }
        >
          {column.label}
        </button>
      </Heading>
    ) : (
      <Heading column={column} />
    );
  const rows = useMemo(() => ordered(props.rows, props.columns, order), [props.rows, props.columns, order]);
  return <Table {...props} rows={rows} heading={heading} />;
}

function Table<Row>({
  caption,
  columns,
  rows,
  rowKey,
  uniform = false,
  onEnd,
  heading,
}: TableProps<Row> & { heading: (column: TableColumn<Row>) => ComponentChildren }) {
  const { scroller, first, end, above, below } = useRowWindow(rows.length, uniform);
  return (
    <TableScroll label={`Table: ${caption}`} element={scroller}>
      <table aria-rowcount={rows.length + 1}>
        <caption class="visually-hidden">{caption}</caption>
        <thead>
          <tr>{columns.map(heading)}</tr>
        </thead>
        <tbody>
          <Gap height={above} />
          {rows.slice(first, end).map((row, at) => (
            <tr key={rowKey(row)} data-row aria-rowindex={first + at + 2}>
              {columns.map((column) => (
                <td key={column.key} class={column.numeric ? 'numeric' : undefined}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
          <Gap height={below} />
        </tbody>
      </table>
      {onEnd && <EndSentinel key={rows.length} onSeen={onEnd} />}
    </TableScroll>
  );
}

/** The room of rows that are out of sight. */
function Gap({ height }: { height: number }) {
  return height > 0 ? <tr aria-hidden="true" style={{ height: `${height}px` }} /> : null;
}

/** An invisible element that calls `onSeen` when the end of the table is scrolled to. */
function EndSentinel({ onSeen }: { onSeen: () => void }) {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const observer = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && onSeen(), {
      root: element.current?.parentElement ?? null,
      rootMargin: '200px',
    });
    if (element.current) observer.observe(element.current);
    return () => observer.disconnect();
  }, []);
  return <div ref={element} class="table-end" />;
}

type Direction = 'ascending' | 'descending' | 'none';

function Heading<Row>({
  column,
  direction,
  children,
}: {
  column: TableColumn<Row>;
  direction?: Direction;
  children?: ComponentChildren;
}) {
  return (
    <th key={column.key} scope="col" class={column.numeric ? 'numeric' : undefined} aria-sort={direction}>
      {children ?? <span class="heading">{column.label}</span>}
    </th>
  );
}

function directionOf(key: string, order: Order | null): Direction {
  if (order?.key !== key) return 'none';
  return order.descending ? 'descending' : 'ascending';
}

function ordered<Row>(
  rows: readonly Row[],
  columns: readonly TableColumn<Row>[],
  order: Order | null,
): readonly Row[] {
  const rank = columns.find((column) => column.key === order?.key)?.rank;
  if (!order || !rank) return rows;
  const sign = order.descending ? -1 : 1;
  return rows.toSorted((one, other) => {
    const [first, second] = [rank(one), rank(other)];
    if (first === null || second === null) return Number(first === null) - Number(second === null);
    return sign * compare(first, second);
  });
}

function compare(first: number | string, second: number | string): number {
  return typeof first === 'number' && typeof second === 'number'
    ? first - second
    : String(first).localeCompare(String(second), 'en', { numeric: true });
}
