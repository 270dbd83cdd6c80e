import type { ComponentChildren } from 'preact';
import { useEffect, useId, useState } from 'preact/hooks';
import type { Api } from '../../api/client.ts';
import type { Contract, GroupCalls, ModelVersion, OperatingPoints } from '../../api/types.ts';
import { DataTable, type TableColumn } from '../../components/DataTable.tsx';
import { Loading, Note, Outcome, ProblemNotice } from '../../components/Notice.tsx';
import { Operation } from '../../components/Operation.tsx';
import { useLoaded } from '../../hooks/useLoaded.ts';
import { columnOf, labelOf, levelLabel } from '../../lib/contract.ts';
import { finePercent, integer, percent } from '../../lib/format.ts';
import { FourFifthsPill } from './FourFifthsPill.tsx';
import { SquareChart, across, up } from './SquareChart.tsx';
import {
  type Declaration,
  consequences,
  declared,
  gain,
  moveTo,
  ofThousand,
  ruleOf,
  shareCalled,
  shareOf,
  typed,
} from './thresholds.ts';
import './Threshold.css';

interface Props {
  api: Api;
  contract: Contract;
  version: ModelVersion;
  operator: boolean;
  onDone: () => void;
}

/** What each threshold of a version would do and, for an operator, the decision on another one. */
export function Threshold({ api, contract, version, operator, onDone }: Props) {
  const points = useLoaded((signal) => api.operatingPoints(version.version, signal), [api, version.version]);
  if (points.status === 'loading') return <Loading what="what thresholds would do" />;
  if (points.status === 'failed') {
    return points.problem.status === 404 ? (
      <Note>{points.problem.detail}</Note>
    ) : (
      <ProblemNotice problem={points.problem} onRetry={points.retry} />
    );
  }
  return <Explorer {...{ api, contract, version, operator, onDone }} points={points.value} />;
}

function Explorer({ api, contract, version, operator, onDone, points }: Props & { points: OperatingPoints }) {
  const inForce = version.threshold ?? 0.5;
  const fresh = (): Declaration => declared(points, version.threshold_rule, inForce);
  const [chosen, setChosen] = useState(fresh);
  useEffect(() => setChosen(fresh()), [version.decisions.length]);
  const id = useId();
  const rule = ruleOf(chosen);
  const { threshold } = chosen;
  return (
    <div class="threshold">
      <div class="card padded threshold-controls">
        <div class="field">
          <div class="field-head">
            <label for={`${id}-slider`}>Threshold</label>
            <output for={`${id}-slider`}>
              <strong>{finePercent(threshold)}</strong>
            </output>
          </div>
          <input
            id={`${id}-slider`}
            type="range"
            min="0.01"
            max="0.99"
            step="0.01"
            value={threshold}
            aria-valuetext={`from ${finePercent(threshold)} on, ${percent(shareCalled(points, threshold))} of candidates are called`}
            onInput={(event) => setChosen(moveTo(points, chosen, event.currentTarget.valueAsNumber))}
          />
          <p class="muted small">
            In force: from {finePercent(inForce)} on. Try another one: nothing changes until it is declared.
          </p>
        </div>
        <fieldset class="threshold-rule">
          <legend class="small">The rule that it follows</legend>
          <Rule kind="cost" chosen={chosen} onChange={(change) => setChosen(typed(points, chosen, change))}>
            A missed candidate is as bad as
            <Amount
              label="How many false alarms a miss is as bad as"
              value={chosen.missed}
              onInput={(missed) => setChosen(typed(points, chosen, { kind: 'cost', missed }))}
            />
            false alarms
          </Rule>
          <Rule kind="capacity" chosen={chosen} onChange={(change) => setChosen(typed(points, chosen, change))}>
            We can call
            <Amount
              label="How many candidates can be called"
              value={chosen.callable}
              onInput={(callable) => setChosen(typed(points, chosen, { kind: 'capacity', callable }))}
            />
            of
            <Amount
              label="Of how many candidates"
              value={chosen.of}
              onInput={(of) => setChosen(typed(points, chosen, { kind: 'capacity', of }))}
            />
            candidates
          </Rule>
        </fieldset>
        <div class="actions">
          {operator && (
            <Operation
              action="Declare this rule"
              disabled={rule === null}
              title={`Call candidates from ${finePercent(threshold)} on?`}
              consequence={
                <>
                  <p>{sentence(points, threshold)}</p>
                  <p>
                    It takes effect in ten seconds. Earlier predictions keep their verdicts. The decision is
                    recorded with your token's name.
                  </p>
                </>
              }
              prompt={{ label: 'Reason', accepts: (text) => text.trim() !== '' && text.length <= 500 }}
              run={async (reason) => {
                const decision = await api.operator.changeThreshold(version.version, { ...rule, reason });
                return <Outcome>Candidates are called from {finePercent(decision.threshold)} on.</Outcome>;
              }}
              onDone={onDone}
            />
          )}
          <button type="button" class="button" disabled={threshold === inForce} onClick={() => setChosen(fresh())}>
            Back to the current threshold
          </button>
        </div>
      </div>
      <p role="status">{sentence(points, threshold)}</p>
      <DataTable
        caption="What the threshold does"
        columns={EFFECTS}
        rows={effects(points, inForce, threshold)}
        rowKey={({ what }) => what}
      />
      <div class="threshold-charts">
        <GainChart points={points} threshold={threshold} />
        <Groups points={points} threshold={threshold} contract={contract} />
      </div>
      <p class="muted small">
        By the {integer(points.everybody.rows)} candidates of the training, each scored by a model that hadn't seen it.
        Today's candidates may differ: see their drift.
      </p>
    </div>
  );
}

interface RuleProps {
  kind: Declaration['kind'];
  chosen: Declaration;
  onChange: (change: Partial<Declaration>) => void;
  children: ComponentChildren;
}

function Rule({ kind, chosen, onChange, children }: RuleProps) {
  const name = useId();
  const label = kind === 'cost' ? 'By what a miss costs' : 'By how many can be called';
  return (
    <p class="threshold-option">
      <input
        type="radio"
        name={`rule-${name}`}
        aria-label={label}
        checked={chosen.kind === kind}
        onChange={() => onChange({ kind })}
      />
      <span>{children}</span>
    </p>
  );
}

function Amount({ label, value, onInput }: { label: string; value: string; onInput: (text: string) => void }) {
  return (
    <input
      type="text"
      inputMode="decimal"
      autocomplete="off"
      class="threshold-number"
      aria-label={label}
      value={value}
      onInput={(event) => onInput(event.currentTarget.value)}
    />
  );
}

/** "Of 1,000 candidates, 310 are called; 160 of them are looking. Of all who are looking, 64% are found." */
function sentence(points: OperatingPoints, threshold: number): string {
  const { rows, looking, called, right } = consequences(points.everybody, threshold);
  const found = shareOf(right, looking);
  return (
    `Of 1,000 candidates, ${integer(ofThousand(called, rows))} are called; ${integer(ofThousand(right, rows))} of them are looking.` +
    (found === null ? '' : ` Of all who are looking, ${percent(found)} are found.`)
  );
}

interface Effect {
  what: string;
  now: string;
  then: string;
}

const EFFECTS: TableColumn<Effect>[] = [
  { key: 'what', label: 'Of 1,000 candidates', cell: ({ what }) => what },
  { key: 'now', label: 'In force', numeric: true, cell: ({ now }) => now },
  { key: 'then', label: 'Chosen', numeric: true, cell: ({ then }) => then },
];

function effects(points: OperatingPoints, inForce: number, chosen: number): Effect[] {
  const [now, then] = [inForce, chosen].map((threshold) => {
    const { rows, looking, called, right } = consequences(points.everybody, threshold);
    const thousand = (number: number): string => integer(ofThousand(number, rows));
    const share = (part: number, whole: number): string => {
      const found = shareOf(part, whole);
      return found === null ? '' : ` (${percent(found)})`;
    };
    return [
      finePercent(threshold),
      thousand(called),
      thousand(right) + share(right, called),
      thousand(called - right) + share(called - right, called),
      `${thousand(right)} of ${thousand(looking)}${share(right, looking)}`,
    ];
  });
  return ['Called from', 'Called', 'Called and looking', 'False alarms', 'Found, of those looking'].map((what, at) => ({
    what,
    now: now?.[at] ?? '',
    then: then?.[at] ?? '',
  }));
}

const SHARES = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.75];

/** "If I call the first 20%, how many of those looking do I reach?" */
function GainChart({ points, threshold }: { points: OperatingPoints; threshold: number }) {
  const { rows, looking } = points.everybody;
  const path = points.everybody.called.map((called, at) => {
    const right = points.everybody.right[at] ?? 0;
    return `${across(called / rows).toFixed(2)},${up(looking === 0 ? 0 : right / looking).toFixed(2)}`;
  });
  const called = shareCalled(points, threshold);
  return (
    <SquareChart
      title={`Calling the first 20% reaches ${percent(gain(points, 0.2))} of those looking`}
      x="called, the most probable first"
      y="reached, of those looking"
      heads={['Called', 'Reached, of those looking']}
      records={SHARES.map((share) => [percent(share), percent(gain(points, share))])}
    >
      <g class="square-accent">
        <polyline class="square-line" points={path.join(' ')} />
        <circle class="square-dot" cx={across(called)} cy={up(gain(points, called))} r="2" />
      </g>
    </SquareChart>
  );
}

function Groups({ points, threshold, contract }: { points: OperatingPoints; threshold: number; contract: Contract }) {
  const names = [...new Set(points.groups.map(({ column }) => column))];
  const [column, setColumn] = useState(names[0] ?? '');
  const id = useId();
  const at = Math.round(threshold * (points.thresholds.length - 1));
  const columns: TableColumn<GroupCalls>[] = [
    { key: 'level', label: labelOf(contract, column), cell: ({ level }) => levelLabel(columnOf(contract, column), level) },
    { key: 'rows', label: 'Candidates', numeric: true, cell: ({ rows }) => integer(rows) },
    { key: 'called', label: 'Called', numeric: true, cell: (group) => shown(shareOf(consequences(group, threshold).called, group.rows)) },
    {
      key: 'found',
      label: 'Found, of those looking',
      numeric: true,
      cell: (group) => shown(shareOf(consequences(group, threshold).right, group.looking)),
    },
    {
      key: 'ratio',
      label: 'Impact ratio',
      cell: ({ ratio, verdict }) => {
        const [value, word] = [ratio[at] ?? null, verdict[at] ?? null];
        return value === null || word === null ? (
          <span class="missing">–</span>
        ) : (
          <>
            {value.toFixed(2)} <FourFifthsPill verdict={word} />
          </>
        );
      },
    },
  ];
  return (
    <div class="threshold-groups">
      <div class="field">
        <label for={id}>Groups by</label>
        <select id={id} value={column} onChange={(event) => setColumn(event.currentTarget.value)}>
          {names.map((name) => (
            <option key={name} value={name}>
              {labelOf(contract, name)}
            </option>
          ))}
        </select>
      </div>
      <DataTable
        caption="What the threshold does by group"
        columns={columns}
        rows={points.groups.filter((group) => group.column === column)}
        rowKey={({ level }) => level}
      />
      <p class="muted small">
        An impact ratio is how often a group is called, divided by the same of the group called most often. The model never
        sees gender.
      </p>
    </div>
  );
}

const shown = (share: number | null): string => (share === null ? '–' : percent(share));
