import type { Api } from '../../api/client.ts';
import { ComparisonFigures } from '../../components/ComparisonFigures.tsx';
import { DataTable, type TableColumn } from '../../components/DataTable.tsx';
import { Document } from '../../components/Document.tsx';
import { Loading, Note, ProblemNotice } from '../../components/Notice.tsx';
import { Time } from '../../components/Time.tsx';
import { usePolled } from '../../hooks/useLoaded.ts';
import type { Gate, ListedModel } from '../../api/types.ts';
import { words } from '../../lib/format.ts';
import { Operations, VersionOperations } from '../operations/Operations.tsx';

const REFRESH_SECONDS = 10;

/** The model in use, its versions and, for an operator, what can be done about them. */
export function Model({ api, operator }: { api: Api; operator: boolean }) {
  const champion = usePolled((signal) => api.champion(signal), [api], REFRESH_SECONDS);
  const versions = usePolled((signal) => api.models(signal), [api], REFRESH_SECONDS);
  const changed = (): void => {
    champion.refresh();
    versions.refresh();
  };
  const known = versions.value ?? [];
  const { value } = champion;
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
            <div>
              <dt>Champion</dt>
              <dd>
                <code>{value.version}</code>
              </dd>
            </div>
            <div>
              <dt>Trained</dt>
              <dd>
                <Time at={value.created_at} />
              </dd>
            </div>
            <div>
              <dt>Promoted</dt>
              <dd>
                {value.promoted_at ? <Time at={value.promoted_at} /> : '–'}
                {value.promoted_by && <span class="below">by {value.promoted_by}</span>}
              </dd>
            </div>
            {Object.entries(value.metrics).map(([name, metric]) => (
              <div key={name}>
                <dt>{metricName(name)}</dt>
                <dd>{metric.toFixed(3)}</dd>
              </div>
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
      {value && (
        <section class="section" aria-labelledby="card-title">
          <h2 id="card-title">Card</h2>
          <Document title="Model card" address={(signal) => api.card(value.version, signal)} inputs={[api, value.version]} />
        </section>
      )}
    </>
  );
}

const METRICS: Record<string, string> = { auc: 'AUC', roc_auc: 'ROC-AUC', pr_auc: 'PR-AUC', ece: 'Calibration error', brier: 'Brier score' };

function metricName(name: string): string {
  return METRICS[name] ?? words(name);
}

function Gates({ gates }: { gates: readonly Gate[] }) {
  return (
    <section class="section" aria-labelledby="gates-title">
      <h2 id="gates-title">Gates</h2>
      <p class="muted">What a version must pass before it may become the champion.</p>
      <ul class="gates">
        {gates.map(({ gate, passed, sentence }) => (
          <li key={gate}>
            <span class={passed ? 'pill ok' : 'pill critical'}>{passed ? 'Passed' : 'Failed'}</span> {sentence}
          </li>
        ))}
      </ul>
    </section>
  );
}

const ROLES = { champion: 'ok', challenger: 'likely', previous: 'unlikely' };

const COLUMNS: TableColumn<ListedModel>[] = [
  { key: 'version', label: 'Version', cell: ({ version }) => <code>{version}</code> },
  {
    key: 'role',
    label: 'Role',
    cell: ({ role }) => (role ? <span class={`pill ${ROLES[role]}`}>{words(role)}</span> : <span class="missing">–</span>),
  },
  {
    key: 'status',
    label: 'Gates',
    cell: ({ status, gates, reason }) => (
      <>
        <span class={`pill ${status === 'PASSED' ? 'ok' : 'critical'}`}>{words(status)}</span>
        {gates
          .filter(({ passed }) => !passed)
          .map(({ gate, sentence }) => (
            <p key={gate} class="reasons small">
              {sentence}
            </p>
          ))}
        {reason && <p class="reasons small">{reason}</p>}
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

function operations(api: Api, onDone: () => void): TableColumn<ListedModel> {
  return {
    key: 'operations',
    label: 'Operations',
    cell: (version) => <VersionOperations api={api} version={version} onDone={onDone} />,
  };
}
