import { useEffect, useRef } from 'preact/hooks';
import type { Api } from '../../api/client.ts';
import type { Gate, ListedModel } from '../../api/types.ts';
import { ComparisonFigures } from '../../components/ComparisonFigures.tsx';
import { DataTable, type TableColumn } from '../../components/DataTable.tsx';
import { Figure } from '../../components/Figure.tsx';
import { Loading, Note, ProblemNotice } from '../../components/Notice.tsx';
import { Pill, type PillKind } from '../../components/Pill.tsx';
import { StoredDocument } from '../../components/StoredDocument.tsx';
import { Time } from '../../components/Time.tsx';
import { usePolled } from '../../hooks/usePolled.ts';
import { count, humanize } from '../../lib/format.ts';
import { Operations } from '../operations/Operations.tsx';
import { VersionOperations } from '../operations/VersionOperations.tsx';
import './Model.css';

const REFRESH_SECONDS = 10;

/** The champion, all versions and, for an operator, the operations on them. `shown` is the version whose card is shown. */
export function Model({ api, operator, shown }: { api: Api; operator: boolean; shown: string }) {
  const champion = usePolled((signal) => api.champion(signal), [api], REFRESH_SECONDS);
  const versions = usePolled((signal) => api.models(signal), [api], REFRESH_SECONDS);
  const changed = (): void => {
    champion.refresh();
    versions.refresh();
  };
  const known = versions.value ?? [];
  const { value } = champion;
  const card = shown || value?.version;
  const cardSection = useRef<HTMLElement>(null);
  useEffect(() => {
    if (shown !== '') cardSection.current?.scrollIntoView();
  }, [shown, cardSection.current !== null]);
  const gates = known.find(({ version }) => version === value?.version)?.gates ?? value?.gates ?? [];
  return (
    <>
      <h1>Model</h1>
      <p class="lead">Which model predicts, how good it is, and what was tried before it.</p>
      {!operator && (
        <Note>With an operator's token you can also promote, roll back, retrain, and look after queues and data here.</Note>
      )}
      {!value && !champion.problem && <Loading what="the model" />}
      {champion.problem && <ProblemNotice problem={champion.problem} onRetry={champion.refresh} />}
      {value && (
        <>
          <dl class="card figures">
            <Figure name="Champion" hint="The version whose predictions count.">
              <code>{value.version}</code>
            </Figure>
            <Figure name="Trained">
              <Time at={value.created_at} />
            </Figure>
            <Figure name="Promoted">
              {value.promoted_at ? <Time at={value.promoted_at} /> : '–'}
              {value.promoted_by && <span class="below">by {value.promoted_by}</span>}
            </Figure>
            {Object.entries(value.metrics).map(([name, metric]) => (
              <Figure key={name} name={metricName(name)}>
                {metric.toFixed(3)}
              </Figure>
            ))}
          </dl>
          {value.comparison && (
            <section class="section" aria-labelledby="comparison-title">
              <h2 id="comparison-title">Champion against challenger</h2>
              <div class="card padded">
                <ComparisonFigures of={value.comparison} />
              </div>
            </section>
          )}
          {gates.length > 0 && <Gates gates={gates} />}
        </>
      )}
      <section class="section" aria-labelledby="versions-title">
        <h2 id="versions-title">Versions</h2>
        {!versions.value && !versions.problem && <Loading what="versions" />}
        {versions.problem && <ProblemNotice problem={versions.problem} onRetry={versions.refresh} />}
        {versions.value && (
          <DataTable
            caption="Versions"
            columns={operator ? [...COLUMNS.slice(0, 2), operations(api, changed), ...COLUMNS.slice(2)] : COLUMNS}
            rows={versions.value}
            rowKey={({ version }) => version}
          />
        )}
      </section>
      {operator && <Operations api={api} versions={known} onDone={changed} />}
      {card && (
        <section class="section" aria-labelledby="card-title" ref={cardSection}>
          <h2 id="card-title">
            Card of <code>{card}</code>
          </h2>
          <StoredDocument title="Model card" url={(signal) => api.cardUrl(card, signal)} inputs={[api, card]} />
        </section>
      )}
    </>
  );
}

const METRICS: Record<string, string> = { auc: 'AUC', roc_auc: 'ROC-AUC', pr_auc: 'PR-AUC', ece: 'Calibration error', brier: 'Brier score' };

function metricName(name: string): string {
  return METRICS[name] ?? humanize(name);
}

function Gates({ gates }: { gates: readonly Gate[] }) {
  return (
    <section class="section" aria-labelledby="gates-title">
      <h2 id="gates-title">Gates</h2>
      <p class="muted">What a version must pass before it may become the champion.</p>
      <ul class="gates">
        {gates.map(({ gate, passed, sentence }) => (
          <li key={gate}>
            <Pill kind={passed ? 'ok' : 'critical'}>{passed ? 'Passed' : 'Failed'}</Pill> {sentence}
          </li>
        ))}
      </ul>
    </section>
  );
}

const ROLE_PILLS: Record<NonNullable<ListedModel['role']>, PillKind> = { champion: 'ok', challenger: 'likely', previous: 'unlikely' };

const COLUMNS: TableColumn<ListedModel>[] = [
  {
    key: 'version',
    label: 'Version',
    cell: ({ version }) => (
      <a href={`#model/${version}`}>
        <code>{version}</code>
      </a>
    ),
  },
  {
    key: 'role',
    label: 'Role',
    cell: ({ role }) => (role ? <Pill kind={ROLE_PILLS[role]}>{humanize(role)}</Pill> : <span class="missing">–</span>),
  },
  {
    key: 'status',
    label: 'Gates',
    cell: ({ status, gates, reason }) => (
      <>
        <Pill kind={status === 'PASSED' ? 'ok' : 'critical'}>{humanize(status)}</Pill>
        <FailedGates gates={gates.filter(({ passed }) => !passed)} reason={reason} />
      </>
    ),
  },
  {
    key: 'metrics',
    label: 'Metrics',
    cell: ({ metrics }) => (
      <span class="metrics">
        {Object.entries(metrics).map(([name, metric]) => (
          <span key={name}>
            {metricName(name)} {metric.toFixed(3)}
          </span>
        ))}
      </span>
    ),
  },
  { key: 'created_at', label: 'Trained', cell: ({ created_at }) => <Time at={created_at} /> },
  {
    key: 'promoted_at',
    label: 'Promoted',
    cell: ({ promoted_at, promoted_by }) =>
      promoted_at ? (
        <>
          <Time at={promoted_at} />
          {promoted_by && <span class="below">by {promoted_by}</span>}
        </>
      ) : (
        <span class="missing">–</span>
      ),
  },
];

function FailedGates({ gates, reason }: { gates: readonly Gate[]; reason: string | null }) {
  // The reason for a failure repeats the sentences of its gates.
  const other = reason !== null && !gates.some(({ sentence }) => reason.includes(sentence));
  return (
    <>
      {gates.length > 0 && (
        <details class="small">
          <summary>{count(gates.length, 'gate')} failed</summary>
          {gates.map(({ gate, sentence }) => (
            <p key={gate} class="reasons">
              {sentence}
            </p>
          ))}
        </details>
      )}
      {other && <p class="reasons small">{reason}</p>}
    </>
  );
}

function operations(api: Api, onDone: () => void): TableColumn<ListedModel> {
  return {
    key: 'operations',
    label: 'Operations',
    cell: (version) => <VersionOperations api={api} version={version} onDone={onDone} />,
  };
}
