import type { ComponentChildren } from 'preact';
import type { Api } from '../../api/client.ts';
import { Problem } from '../../api/problem.ts';
import type { Contract, Interval, ModelVersion, PairedDifference } from '../../api/types.ts';
import { DataTable, type TableColumn } from '../../components/DataTable.tsx';
import { Loading, ProblemNotice } from '../../components/Notice.tsx';
import { Pill } from '../../components/Pill.tsx';
import { Time } from '../../components/Time.tsx';
import { VersionLink } from '../../components/VersionLink.tsx';
import { useLoaded } from '../../hooks/useLoaded.ts';
import { columnOf, labelOf, levelLabel } from '../../lib/contract.ts';
import { finePercent, humanize, integer, percent, signed } from '../../lib/format.ts';
import { Section } from './Gates.tsx';
import { SquareChart, across, up } from './SquareChart.tsx';
import {
  type CalibrationPoint,
  type RocPoint,
  type Slice,
  cardOf,
  changes,
  comparedOn,
  difference,
  isCertain,
  metric,
  rocCurve,
} from './card.ts';
import { ERRORS, metricName, withInterval } from './metrics.ts';
import { RolePill, StatusPill } from './pills.tsx';

interface Props {
  api: Api;
  contract: Contract;
  a: string;
  b: string;
}

type Pair = readonly [ModelVersion, ModelVersion];

/** Two versions side by side. */
export function Compare({ api, contract, a, b }: Props) {
  const loaded = useLoaded(
    async (signal) => {
      const [first, second, paired] = await Promise.all([
        api.modelVersion(a, signal),
        api.modelVersion(b, signal),
        api.pairedDifference(b, a, signal).catch(notKept),
      ]);
      return { pair: [first, second] as Pair, paired };
    },
    [api, a, b],
  );
  return (
    <>
      <p>
        <a href="#model">All versions</a>
      </p>
      <h1>Two versions compared</h1>
      {loaded.status === 'loading' && <Loading what="both versions" />}
      {loaded.status === 'failed' && <ProblemNotice problem={loaded.problem} onRetry={loaded.retry} />}
      {loaded.status === 'ready' && <Comparison {...loaded.value} contract={contract} />}
    </>
  );
}

/** What two versions are compared by may be missing, or come from an older release: the rest can be shown without. */
function notKept(error: unknown): null {
  if (error instanceof Problem && (error.status === 404 || error.status === 503)) return null;
  throw error;
}

function Comparison({ pair, paired, contract }: { pair: Pair; paired: PairedDifference | null; contract: Contract }) {
  const [a, b] = pair;
  return (
    <>
      <Table caption="Versions" first="Of both" heads={BOTH} lines={overview(pair)} />
      <Section id="metrics" title="Metrics">
        <p class="muted">In cross-validation, with intervals. {comparedOn(paired)}</p>
        <Table
          caption="Metrics"
          first="Metric"
          heads={[...BOTH, 'B minus A']}
          lines={Object.keys({ ...a.metrics, ...b.metrics }).map((name) => metricLine(pair, paired, name))}
        />
      </Section>
      <Roc pair={pair} />
      <Calibration pair={pair} />
      <Groups pair={pair} contract={contract} />
      <Section id="importances" title="Importance of the features">
        <p class="muted">How much ROC-AUC is lost if the feature's values are shuffled.</p>
        <Table caption="Importances" first="Feature" heads={[...BOTH, 'B minus A']} lines={importances(pair, contract)} />
      </Section>
      <Changed pair={pair} />
    </>
  );
}

interface Line {
  name: string;
  cells: readonly ComponentChildren[];
}

/** A line's name and, under each head, its cells. */
function Table({ caption, first, heads, lines }: { caption: string; first: string; heads: readonly string[]; lines: readonly Line[] }) {
  const columns: TableColumn<Line>[] = [
    { key: 'name', label: first, cell: ({ name }) => <strong>{name}</strong> },
    ...heads.map((label, at) => ({ key: label, label, cell: ({ cells }: Line) => cells[at] })),
  ];
  return <DataTable caption={caption} columns={columns} rows={lines} rowKey={({ name }) => name} />;
}

const BOTH = ['A', 'B'];

/** The same of both. */
function both(pair: Pair, name: string, cell: (version: ModelVersion) => ComponentChildren): Line {
  return { name, cells: pair.map(cell) };
}

function overview(pair: Pair): Line[] {
  return [
    both(pair, 'Version', ({ version }) => <VersionLink version={version} />),
    both(pair, 'Role', ({ role }) => <RolePill role={role ?? null} />),
    both(pair, 'Gates', ({ status }) => <StatusPill status={status} />),
    both(pair, 'Trained', ({ created_at }) => <Time at={created_at} />),
    both(pair, 'Called from', ({ threshold }) => (threshold === null ? '–' : finePercent(threshold))),
    both(pair, 'Rule of the threshold', ({ threshold_rule }) => threshold_rule?.sentence ?? '–'),
  ];
}

function metricLine(pair: Pair, paired: PairedDifference | null, name: string): Line {
  const [a, b] = pair.map((version) => metric(version, name)) as [Interval | null, Interval | null];
  const cell = (figure: Interval | null): string => (figure ? withInterval(figure) : '–');
  const measured = name === 'roc_auc' || name === 'log_loss' ? paired?.[name] : null;
  return {
    name: metricName(name),
    cells: [cell(a), cell(b), <Difference of={measured ?? difference(a, b)} lessIsBetter={ERRORS.has(name)} />],
  };
}

function Difference({ of, lessIsBetter = false }: { of: Interval | null; lessIsBetter?: boolean }) {
  if (of === null) return <>–</>;
  const better = lessIsBetter ? of.value < 0 : of.value > 0;
  return (
    <>
      {withInterval(of, (figure) => signed(figure, 3))}{' '}
      {isCertain(of) ? <Pill kind={better ? 'ok' : 'major'}>{better ? 'better' : 'worse'}</Pill> : <Pill kind="unlikely">may be chance</Pill>}
    </>
  );
}

const LEGEND = [
  { name: 'A', colour: 'accent' },
  { name: 'B', colour: 'orange' },
] as const;

function Roc({ pair }: { pair: Pair }) {
  const curves = pair.map((version) => rocCurve(cardOf(version))) as [RocPoint[], RocPoint[]];
  if (curves.every((points) => points.length === 0)) return null;
  const records = curves.flatMap((points, at) =>
    points
      .filter(({ threshold }) => Math.round(threshold * 100) % 10 === 0)
      .map((point) => [
        BOTH[at] ?? '',
        percent(point.threshold),
        finePercent(point.truePositiveRate),
        finePercent(point.falsePositiveRate),
      ]),
  );
  return (
    <Section id="roc" title="ROC curves">
      <div class="card padded">
        <SquareChart
          title="The diagonal is chance"
          x="called, of the others"
          y="found, of those looking"
          legend={LEGEND}
          heads={['Version', 'Called from', 'Found, of those looking', 'Called, of the others']}
          records={records}
        >
          {curves.map((points, at) => (
            <polyline
              key={at}
              class={`square-line square-${LEGEND[at]?.colour}`}
              points={points.map((point) => `${across(point.falsePositiveRate)},${up(point.truePositiveRate)}`).join(' ')}
            />
          ))}
        </SquareChart>
      </div>
    </Section>
  );
}

function Calibration({ pair }: { pair: Pair }) {
  const [a, b] = pair.map((version) => cardOf(version).calibration ?? []) as [CalibrationPoint[], CalibrationPoint[]];
  const records = (name: string, points: CalibrationPoint[]): string[][] =>
    points.map(({ rows, predicted, observed }) => [name, percent(predicted), withInterval(observed, percent), integer(rows)]);
  const dots = (points: CalibrationPoint[], colour: string): ComponentChildren => (
    <g class={colour}>
      {points.map(({ predicted, observed }) => (
        <g key={predicted}>
          <line class="square-line" x1={across(predicted)} x2={across(predicted)} y1={up(observed.low)} y2={up(observed.high)} />
          <circle class="square-dot" cx={across(predicted)} cy={up(observed.value)} r="1.5" />
        </g>
      ))}
    </g>
  );
  return (
    <Section id="calibration" title="Calibration">
      <div class="card padded">
        <SquareChart
          title="On the diagonal, probabilities mean what they say"
          x="predicted"
          y="were looking"
          legend={LEGEND}
          heads={['Version', 'Predicted', 'Were looking', 'Candidates']}
          records={[...records('A', a), ...records('B', b)]}
        >
          {dots(a, 'square-accent')}
          {dots(b, 'square-orange')}
        </SquareChart>
      </div>
    </Section>
  );
}

function Groups({ pair, contract }: { pair: Pair; contract: Contract }) {
  const slices = pair.map((version) => cardOf(version).slices ?? []) as [Slice[], Slice[]];
  const names = [...new Map(slices.flat().map(({ column, level }) => [`${column} ${level}`, { column, level }])).values()];
  const figures = ({ column, level }: { column: string; level: string }, of: (slice: Slice) => Interval | null): string[] =>
    slices.map((each) => {
      const slice = each.find((one) => one.column === column && one.level === level);
      const figure = slice ? of(slice) : null;
      return figure ? figure.value.toFixed(2) : '–';
    });
  const shares = (name: { column: string; level: string }, of: (slice: Slice) => Interval | null): string =>
    figures(name, of)
      .map((text) => (text === '–' ? text : percent(Number(text))))
      .join(' → ');
  return (
    <Section id="groups" title="Groups">
      <p class="muted">From A to B, at the threshold of each one's training.</p>
      <Table
        caption="Groups"
        first="Group"
        heads={['Called', 'Found, of those looking', 'ROC-AUC']}
        lines={names.map((name) => ({
          name: `${labelOf(contract, name.column)}: ${levelLabel(columnOf(contract, name.column), name.level)}`,
          cells: [
            shares(name, ({ selected }) => selected),
            shares(name, ({ true_positive_rate }) => true_positive_rate),
            figures(name, ({ roc_auc }) => roc_auc).join(' → '),
          ],
        }))}
      />
    </Section>
  );
}

function importances(pair: Pair, contract: Contract): Line[] {
  const [a, b] = pair.map(
    (version) => new Map((cardOf(version).importances ?? []).map(({ feature, mean }) => [feature, mean])),
  ) as [Map<string, number>, Map<string, number>];
  return [...new Set([...a.keys(), ...b.keys()])].map((feature) => {
    const [first, second] = [a.get(feature), b.get(feature)];
    return {
      name: labelOf(contract, feature),
      cells: [
        first === undefined ? '–' : plain(first),
        second === undefined ? '–' : plain(second),
        first === undefined || second === undefined ? '–' : signed(second - first, 3),
      ],
    };
  });
}

/** To three decimals, with a real minus sign and no negative zero. */
const plain = (value: number): string => (value < 0 ? signed(value, 3) : value.toFixed(3));

/** What is different in data, settings and software. */
function Changed({ pair }: { pair: Pair }) {
  const [a, b] = pair.map((version) => described(cardOf(version))) as [Record<string, string>, Record<string, string>];
  const found = changes(a, b);
  return (
    <Section id="changed" title="What changed in data, settings and software">
      {found.length === 0 ? (
        <p>Nothing that the cards show.</p>
      ) : (
        <Table
          caption="What changed"
          first="Of both"
          heads={BOTH}
          lines={found.map(({ name, before, after }) => ({ name, cells: [before, after] }))}
        />
      )}
    </Section>
  );
}

function described({ data, settings, versions, features, contract_version }: ReturnType<typeof cardOf>): Record<string, string> {
  const text = (values: Readonly<Record<string, unknown>> = {}): [string, string][] =>
    Object.entries(values).map(([name, value]) => [humanize(name), typeof value === 'string' ? value : JSON.stringify(value)]);
  return {
    ...(data && {
      Candidates: integer(data.rows),
      'Share looking': finePercent(data.positives / data.rows),
      'Outcomes reported by users': integer(data.outcomes ?? 0),
      Files: (data.files ?? []).map(({ name, used }) => `${name}: ${integer(used)} used`).join('; ') || 'none',
    }),
    Features: (features ?? []).join(', '),
    'Data contract': contract_version ?? '–',
    ...Object.fromEntries([...text(settings), ...text(versions)]),
  };
}
