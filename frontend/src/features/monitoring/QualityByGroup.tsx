import type { Contract, Estimates, LiveVersions } from '../../api/types.ts';
import { columnOf, labelOf, levelLabel } from '../../lib/contract.ts';
import { count } from '../../lib/format.ts';
import { Chart } from './Chart.tsx';
import { groupFinding } from './findings.ts';
import { emptyText, groupRows } from './series.ts';

interface Props {
  expected: Estimates['groups'];
  live: LiveVersions;
  contract: Contract;
}

/** How well each group's candidates are put in order: as their scores let expect, and as outcomes say. */
export function QualityByGroup({ expected, live, contract }: Props) {
  const latest = live.versions.find(({ outcomes }) => outcomes > 0);
  const name = (column: string, level: string): string =>
    `${labelOf(contract, column)}: ${level === '(missing)' ? 'not given' : levelLabel(columnOf(contract, column), level)}`;
  const rows = groupRows(expected, latest?.groups ?? [], name);
  const lowest = Math.min(0.5, ...rows.flatMap(({ expected, measured }) => [expected?.auc?.value ?? 1, measured?.auc?.value ?? 1]));
  const known = rows.filter(({ expected, measured }) => expected?.auc || measured?.auc);
  return (
    <Chart
      title="AUC by group"
      finding={groupFinding(rows)}
      note={`Expected: from the scores of the files in this window. By outcomes: ${
        latest ? `of all of ${latest.version}'s candidates whose outcome is known; nothing where too few are` : 'none is known yet'
      }.`}
      legend={[
        { name: 'expected', colour: 'accent' },
        { name: 'by outcomes', colour: 'text' },
      ]}
      empty={emptyText(known)}
      draw={(plots, width, { hidden }) =>
        plots.intervals(
          width,
          rows.map(({ name, expected, measured }) => ({
            name,
            value: null,
            low: null,
            high: null,
            ...(hidden.has('expected') ? null : expected?.auc),
            detail: `${name}\nexpected AUC ${expected?.auc?.value.toFixed(3)} of ${count(expected?.candidates ?? 0, 'candidate')}`,
            measured:
              measured?.auc && !hidden.has('by outcomes')
                ? { ...measured.auc, detail: `${name}\nAUC ${measured.auc.value.toFixed(3)} on ${count(measured.candidates, 'outcome')}` }
                : null,
            others: [],
          })),
          { domain: [Math.floor(lowest * 10) / 10, 1], marginLeft: 260 },
        )
      }
      inputs={[expected, live]}
      heads={[
        'Group',
        'Candidates',
        'AUC',
        'Precision',
        'Recall',
        'Outcomes',
        'AUC by outcomes',
        'AUC from',
        'AUC to',
        'Implied by their scores',
        'Precision by outcomes',
        'Precision from',
        'Precision to',
        'Changed job',
        'Changed from',
        'Changed to',
      ]}
      records={rows.map(({ name, expected, measured }) => [
        name,
        expected?.candidates ?? 0,
        expected?.auc?.value ?? '–',
        expected?.precision?.value ?? '–',
        expected?.recall?.value ?? '–',
        measured?.candidates ?? 0,
        ...(measured && !measured.auc ? ['too few', '–', '–'] : ends(measured?.auc)),
        measured?.expected_auc ?? '–',
        ...ends(measured?.precision),
        ...ends(measured?.rate),
      ])}
    />
  );
}

function ends(figure: { value: number; low: number; high: number } | null | undefined): (number | string)[] {
  return figure ? [figure.value, figure.low, figure.high] : ['–', '–', '–'];
}
