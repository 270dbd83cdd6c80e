import type { Api } from '../../api/client.ts';
import type { Contract, MonthlyImpact } from '../../api/types.ts';
import { DataTable, type TableColumn } from '../../components/DataTable.tsx';
import { Loading, ProblemNotice } from '../../components/Notice.tsx';
import { useLoaded } from '../../hooks/useLoaded.ts';
import { columnOf, levelLabel } from '../../lib/contract.ts';
import { integer, percent } from '../../lib/format.ts';
import { FourFifthsPill } from './FourFifthsPill.tsx';
import { inTurn } from './inTurn.ts';
import { withInterval } from './metrics.ts';
import { lastMonths, monthName } from './months.ts';
import { impactSentence } from './impact.ts';

const MONTHS = 6;

/** How often the candidates of each group were called in the last months, and what the law asks of those who use that. */
export function AdverseImpact({ api, contract }: { api: Api; contract: Contract }) {
  const loaded = useLoaded(
    (signal) => Promise.all(lastMonths(MONTHS, new Date()).map((month) => inTurn(() => api.impactStats(month, signal)))),
    [api],
  );
  const level = (column: string, group: string): string => levelLabel(columnOf(contract, column), group);
  return (
    <section class="section" aria-labelledby="impact-title">
      <h2 id="impact-title">Are some groups called less often?</h2>
      <p class="muted">
        How often the candidates of files and of other clients were called, month by month. A group's impact ratio is its rate
        divided by that of the group with the highest rate; customary is at least four fifths (0.8).
      </p>
      {loaded.status === 'loading' && <Loading what="the months" />}
      {loaded.status === 'failed' && <ProblemNotice problem={loaded.problem} onRetry={loaded.retry} />}
      {loaded.status === 'ready' && <Months months={loaded.value} level={level} />}
      <details>
        <summary>What the law may ask of those who use such a score</summary>
        <ul class="law">
          <li>
            A score that helps to decide about candidates may be an automated employment decision tool (New York City, Local
            Law 144) or a high-risk system (European Union, Regulation 2024/1689, annex III). Whether it is, and what follows,
            depends on the use: ask a lawyer.
          </li>
          <li>
            Local Law 144 asks for a bias audit by somebody independent, not older than a year, with tables by sex, by race or
            ethnicity and by both together, for its summary to be published, and for candidates to be informed beforehand.
          </li>
          <li>
            This page isn't such an audit. The data have no race or ethnicity; <code>make impact</code> makes the tables from a scored
            file and from categories that are kept elsewhere. Nothing here informs candidates, publishes a summary or offers
            another way to be judged.
          </li>
        </ul>
      </details>
    </section>
  );
}

interface Line {
  month: string;
  column: string;
  group: MonthlyImpact['groups'][number];
}

function Months({ months, level }: { months: readonly MonthlyImpact[]; level: (column: string, group: string) => string }) {
  const lines: Line[] = months.flatMap(({ month, column, groups }) => groups.map((group) => ({ month, column, group })));
  const [latest] = months.filter(({ groups }) => groups.length > 0);
  if (!latest) return <p>Nobody whose group is known was scored in the last {MONTHS} months.</p>;
  const columns: TableColumn<Line>[] = [
    { key: 'month', label: 'Month (UTC)', cell: ({ month }) => monthName(month) },
    { key: 'group', label: 'Group', cell: ({ column, group }) => level(column, group.group) },
    { key: 'rows', label: 'Candidates', numeric: true, cell: ({ group }) => integer(group.rows) },
    { key: 'rate', label: 'Called', cell: ({ group }) => withInterval(group.rate, percent) },
    {
      key: 'ratio',
      label: 'Impact ratio',
      cell: ({ group: { ratio, verdict } }) =>
        ratio && verdict ? (
          <>
            {withInterval(ratio, (value) => value.toFixed(2))} <FourFifthsPill verdict={verdict} />
          </>
        ) : (
          'compared with'
        ),
    },
  ];
  return (
    <>
      <p>{impactSentence(latest, level)}</p>
      <DataTable
        caption="Adverse impact by month"
        columns={columns}
        rows={lines}
        rowKey={({ month, group }) => `${month} ${group.group}`}
      />
    </>
  );
}
