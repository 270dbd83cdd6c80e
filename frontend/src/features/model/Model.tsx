import type { Api } from '../../api/client.ts';
import type { Contract, Gate, ListedModel } from '../../api/types.ts';
import { ComparisonFigures } from '../../components/ComparisonFigures.tsx';
import { DataTable, type TableColumn } from '../../components/DataTable.tsx';
import { Figure } from '../../components/Figure.tsx';
import { Loading, Note, ProblemNotice } from '../../components/Notice.tsx';
import { StoredDocument } from '../../components/StoredDocument.tsx';
import { Time } from '../../components/Time.tsx';
import { VersionLink } from '../../components/VersionLink.tsx';
import { useLoaded } from '../../hooks/useLoaded.ts';
import { usePolled } from '../../hooks/usePolled.ts';
import type { Query } from '../../hooks/useRoute.ts';
import { count, finePercent } from '../../lib/format.ts';
import { Operations } from '../operations/Operations.tsx';
import { VersionOperations } from '../operations/VersionOperations.tsx';
import { AdverseImpact } from './AdverseImpact.tsx';
import { AucHistory } from './AucHistory.tsx';
import { CompareForm } from './CompareForm.tsx';
import { Gates } from './Gates.tsx';
import { metricName } from './metrics.ts';
import { RolePill, StatusPill } from './pills.tsx';
import './Model.css';

const REFRESH_SECONDS = 10;

interface Props {
  api: Api;
  contract: Contract;
  operator: boolean;
  /** What of the view is shown: a version, `compare`, `outcomes`; empty for the overview. */
  shown: string;
  query: Query;
}

/** Which model predicts, how good it is, and what was tried before it. */
export function Model(props: Props) {
  return props.shown === '' ? <Overview {...props} /> : <Detail {...props} />;
}

/** One version, two compared, or the report of outcomes. */
function Detail({ api, contract, operator, shown, query }: Props) {
  const views = useLoaded(() => import('./VersionViews.tsx'), []);
  if (views.status !== 'ready') {
    return (
      <>
        <h1>Model</h1>
        {views.status === 'loading' ? (
          <Loading what="this view" />
        ) : (
          <ProblemNotice problem={views.problem} onRetry={views.retry} />
        )}
      </>
    );
  }
  const { Compare, ReportOutcomes, Version } = views.value;
  if (shown === 'outcomes') return <ReportOutcomes api={api} contract={contract} />;
  if (shown === 'compare') return <Compare api={api} contract={contract} a={query.a ?? ''} b={query.b ?? ''} />;
  return <Version key={shown} api={api} contract={contract} name={shown} operator={operator} />;
}

/** The champion, all versions and, for an operator, the operations on them. */
function Overview({ api, contract, operator }: Props) {
  const champion = usePolled((signal) => api.champion(signal), [api], REFRESH_SECONDS);
  const versions = usePolled((signal) => api.models(signal), [api], REFRESH_SECONDS);
  const changed = (): void => {
    champion.refresh();
    versions.refresh();
  };
  const known = versions.value ?? [];
  const { value } = champion;
  const card = value?.version;
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
              <VersionLink version={value.version} />
            </Figure>
            <Figure name="Trained">
              <Time at={value.created_at} />
            </Figure>
            <Figure name="Promoted">
              {value.promoted_at ? <Time at={value.promoted_at} /> : '–'}
              {value.promoted_by && <span class="below">by {value.promoted_by}</span>}
            </Figure>
            <Figure name="Called from" hint="The probability from which on a candidate counts as looking.">
              {value.threshold === null ? '–' : finePercent(value.threshold)}
              {value.threshold_rule && <span class="below">{value.threshold_rule.sentence}</span>}
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
      {versions.value && versions.value.length > 0 && (
        <>
          <CompareForm versions={versions.value} a={versions.value[1]?.version ?? ''} b={versions.value[0]?.version ?? ''} />
          <section class="section" aria-labelledby="auc-title">
            <h2 id="auc-title">AUC by version</h2>
            <p class="muted">
              How often a candidate who is looking is ranked above one who isn't: blue in training, black by the outcomes
              reported since, each with its interval.
            </p>
            <AucHistory api={api} versions={versions.value.map(({ version }) => version)} />
            <p>
              <a href="#model/outcomes">Report outcomes</a>: say who changed job and who didn't.
            </p>
          </section>
        </>
      )}
      <AdverseImpact api={api} contract={contract} />
      {operator && <Operations api={api} versions={known} onDone={changed} />}
      {card && (
        <section class="section" aria-labelledby="card-title">
          <h2 id="card-title">
            Card of <code>{card}</code>
          </h2>
          <StoredDocument title="Model card" url={(signal) => api.cardUrl(card, signal)} inputs={[api, card]} />
        </section>
      )}
    </>
  );
}

const COLUMNS: TableColumn<ListedModel>[] = [
  {
    key: 'version',
    label: 'Version',
    cell: ({ version }) => <VersionLink version={version} />,
  },
  {
    key: 'role',
    label: 'Role',
    cell: ({ role }) => <RolePill role={role ?? null} />,
  },
  {
    key: 'status',
    label: 'Gates',
    cell: ({ status, gates, reason }) => (
      <>
        <StatusPill status={status} />
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
