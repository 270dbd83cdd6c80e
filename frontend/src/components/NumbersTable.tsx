import { type Cell, shownCell } from '../lib/cells.ts';
import { TableScroll } from './TableScroll.tsx';

interface Props {
  /** Of the chart whose numbers these are. */
  title: string;
  heads: readonly string[];
  records: readonly (readonly Cell[])[];
  /** For each record where its first cell leads, if anywhere. */
  links?: readonly (string | undefined)[] | undefined;
}

/** The numbers behind a chart. */
export function NumbersTable({ title, heads, records, links }: Props) {
  return (
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
                  {column === 0 && links?.[at] ? <a href={links[at]}>{shownCell(cell)}</a> : shownCell(cell)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </TableScroll>
  );
}
