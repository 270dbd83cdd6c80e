import type { Api } from '../../api/client.ts';
import type { Contract, Decision, Interval, ListedModel, ModelVersion } from '../../api/types.ts';
import { DataTable, type TableColumn } from '../../components/DataTable.tsx';
import { Figure } from '../../components/Figure.tsx';
import { Loading, ProblemNotice } from '../../components/Notice.tsx';
import { StoredDocument } from '../../components/StoredDocument.tsx';
import { Time } from '../../components/Time.tsx';
import { usePolled } from '../../hooks/usePolled.ts';
import { saveText } from '../../lib/download.ts';
import { finePercent, humanize, integer, percent } from '../../lib/format.ts';
import { VersionOperations } from '../operations/VersionOperations.tsx';
import { CompareForm } from './CompareForm.tsx';
import { Gates, Section } from './Gates.tsx';
import { Threshold } from './Threshold.tsx';
import { cardOf, metric } from './card.ts';
import { metricName, withInterval } from './metrics.ts';
import { RolePill, StatusPill } from './pills.tsx';

interface Props {
  api: Api;
  contract: Contract;
  name: string;
  operator: boolean;
}

/** All that is known of one version. */
export function Version({ api, contract, name, operator }: Props) {
  const loaded = usePolled((signal) => api.modelVersion(name, signal), [api, name], null);
  const versions = usePolled((signal) => api.models(signal), [api], null);
  const version = loaded.value;
  return (
    <>
      <p>
        <a href="#model">All versions</a>
      </p>
      <h1>
        Version <code>{name}</code>
      </h1>
      {!version && !loaded.problem && <Loading what="the version" />}
      {loaded.problem && <ProblemNotice problem={loaded.problem} onRetry={loaded.refresh} />}
      {version && (
        <>
          <Summary version={version} />
          <div class="actions">
            {operator && <VersionOperations api={api} version={version} onDone={loaded.refresh} />}
          </div>
          {versions.value && <CompareForm versions={versions.value} a={other(versions.value, name)} b={name} />}
          <Section id="metrics" title="How good it is">
            <p class="muted">In cross-validation; the true figure is within the interval 19 times out of 20.</p>
            <DataTable caption="Metrics" columns={METRICS} rows={metricsOf(version)} rowKey={({ key }) => key} />
          </Section>
          <Section id="threshold" title="Threshold">
            <p>
              {version.threshold !== null && `Candidates are called from ${finePercent(version.threshold)} on. `}
              {version.threshold_rule?.sentence}
            </p>
            <Threshold api={api} contract={contract} version={version} operator={operator} onDone={loaded.refresh} />
            <h3>Decisions</h3>
            <DataTable
              caption="Decisions on the threshold"
              columns={DECISIONS}
              rows={version.decisions.toReversed()}
              rowKey={({ at }) => at}
            />
          </Section>
          {version.gates.length > 0 && <Gates gates={version.gates} warnings={cardOf(version).warnings ?? []} />}
          <Section id="card" title="Card">
            <div class="actions">
              <Download version={version} what="card" value={version.card} />
              <Download
                version={version}
                what="metrics"
                value={{ version: name, metrics: version.metrics, intervals: cardOf(version).intervals ?? {} }}
              />
            </div>
            <StoredDocument title="Model card" url={(signal) => api.cardUrl(name, signal)} inputs={[api, name]} />
          </Section>
        </>
      )}
    </>
  );
}

/** What a version is compared with first: the champion, or the newest other one. */
function other(versions: readonly ListedModel[], name: string): string {
  const others = versions.filter(({ version }) => version !== name);
  return (others.find(({ role }) => role === 'champion') ?? others[0])?.version ?? '';
}

function Summary({ version }: { version: ModelVersion }) {
  const { data } = cardOf(version);
  return (
    <dl class="card figures">
      <Figure name="Role">
        <RolePill role={version.role ?? null} />
      </Figure>
      <Figure name="Gates">
        <StatusPill status={version.status} />
      </Figure>
      <Figure name="Trained">
        <Time at={version.created_at} />
      </Figure>
      <Figure name="Promoted">
        {version.promoted_at ? <Time at={version.promoted_at} /> : '–'}
        {version.promoted_by && <span class="below">by {version.promoted_by}</span>}
        {version.promoted_at && version.reason && <span class="below">{version.reason}</span>}
      </Figure>
      {data && (
        <>
          <Figure name="Trained on">{integer(data.rows)} candidates</Figure>
          <Figure name="Share looking">{percent(data.positives / data.rows)}</Figure>
        </>
      )}
    </dl>
  );
}

interface Measured {
  key: string;
  figure: Interval;
}

function metricsOf(version: ModelVersion): Measured[] {
  return Object.keys(version.metrics).flatMap((key) => {
    const figure = metric(version, key);
    return figure ? [{ key, figure }] : [];
  });
}

const METRICS: TableColumn<Measured>[] = [
  { key: 'name', label: 'Metric', cell: ({ key }) => metricName(key) },
  { key: 'figure', label: 'Value and interval', cell: ({ figure }) => withInterval(figure) },
];

const DECISIONS: TableColumn<Decision>[] = [
  { key: 'at', label: 'In force from', cell: ({ at }) => <Time at={at} /> },
  { key: 'threshold', label: 'Called from', numeric: true, cell: ({ threshold }) => finePercent(threshold) },
  { key: 'rule', label: 'Rule', cell: ({ threshold_rule }) => threshold_rule.sentence },
  { key: 'by', label: 'By', cell: ({ by }) => humanize(by) },
  { key: 'reason', label: 'Reason', cell: ({ reason }) => reason ?? <span class="missing">–</span> },
];

function Download({ version, what, value }: { version: ModelVersion; what: string; value: unknown }) {
  return (
    <button
      type="button"
      class="button"
      onClick={() => saveText(`${version.version}.${what}.json`, 'application/json', JSON.stringify(value, null, 2))}
    >
      Download the {what} as JSON
    </button>
  );
}
