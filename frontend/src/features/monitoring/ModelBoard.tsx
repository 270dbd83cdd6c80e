import type {
  Comparison,
  Contract,
  DriftByDay,
  Estimates,
  ListedModel,
  LiveVersions,
  Scores,
  Source,
  Traffic,
} from '../../api/types.ts';
import { ComparisonFigures } from '../../components/ComparisonFigures.tsx';
import { Loading } from '../../components/Notice.tsx';
import { usePolled } from '../../hooks/usePolled.ts';
import { scaleOf } from '../../hooks/useScale.ts';
import { labelOf } from '../../lib/contract.ts';
import { localTime } from '../../lib/dates.ts';
import { SOURCES, count, integer, percent } from '../../lib/format.ts';
import { type BoardProps, Problems, TruncatedNote, useLoadedAt } from './boardParts.tsx';
import { Chart } from './Chart.tsx';
import { QualityByGroup } from './QualityByGroup.tsx';
import {
  calibrationFinding,
  driftFinding,
  expectedFinding,
  liveFinding,
  lookingFinding,
  predictionsFinding,
  scoresFinding,
} from './findings.ts';
import { rangeOf } from './lookback.ts';
import {
  type Colour,
  type Limit,
  bucketNote,
  colourByName,
  driftCells,
  emptyText,
  scoreBins,
  sharesLooking,
  visible,
  wholeDays,
} from './series.ts';
import { filesOf, pastOf } from './timeline.ts';

const DAY_SECONDS = 86_400;

const SOURCE_COLOURS: Record<Source, Colour> = { scheduled: 'blue', webapp: 'teal', api: 'violet' };

export function ModelBoard({ api, contract, span, seconds, onLoaded }: BoardProps) {
  const inputs = [api, span];
  const predictions = usePolled((signal) => api.predictionStats(rangeOf(span), signal), inputs, seconds);
  const scores = usePolled((signal) => api.scoreStats(rangeOf(span), signal), inputs, seconds);
  const estimates = usePolled(
    async (signal) => {
      const range = rangeOf(span);
      return { ...range, ...(await api.estimateStats(range, signal)) };
    },
    inputs,
    seconds,
  );
  const drift = usePolled(
    async (signal) => {
      const range = rangeOf(span);
      return { ...range, ...(await api.driftStats(range, signal)) };
    },
    inputs,
    seconds,
  );
  const models = usePolled((signal) => api.models(signal), [api], seconds);
  const live = usePolled((signal) => api.liveStats(signal), [api], seconds);
  const champion = usePolled((signal) => api.champion(signal), [api], seconds);
  useLoadedAt(predictions.loadedAt, onLoaded);
  const parts = [predictions, scores, drift, estimates, live, champion];
  return (
    <>
      <Problems of={parts} />
      {parts.every(({ value, problem }) => !value && !problem) && <Loading what="the board" />}
      <div class="board">
        {(scores.value?.cut || drift.value?.cut) && <TruncatedNote />}
        {predictions.value && <Predictions stats={predictions.value} />}
        {predictions.value && <Looking stats={predictions.value} average={champion.value ? scaleOf(champion.value).average : null} />}
        {scores.value && <Scores stats={scores.value} />}
        {estimates.value && <ExpectedQuality stats={estimates.value} />}
        {drift.value && <Drift stats={drift.value} contract={contract} />}
        {live.value && <LiveQuality stats={live.value} models={models.value ?? []} />}
        {estimates.value && live.value && <QualityByGroup expected={estimates.value.groups} live={live.value} contract={contract} />}
        {live.value && models.value && <AucByVersion live={live.value} models={models.value} />}
        {champion.value && <ChallengerComparison of={champion.value.comparison ?? null} />}
      </div>
    </>
  );
}

function Predictions({ stats }: { stats: Traffic }) {
  const legend = (Object.keys(SOURCES) as Source[]).map((source) => ({
    name: SOURCES[source],
    colour: SOURCE_COLOURS[source],
  }));
  const points = stats.points.map(({ at, source, predictions }) => ({ at, series: SOURCES[source], value: predictions }));
  return (
    <Chart
      title="Predictions by source"
      finding={predictionsFinding(stats)}
      note={bucketNote(stats.bucket_seconds)}
      legend={legend}
      empty={emptyText(points)}
      draw={(plots, width, { hidden, marks }) =>
        plots.stackedBars(width, { ...stats, marks }, visible(points, hidden), colourByName(legend))
      }
      inputs={[stats]}
      over={{ instants: stats.points.map(({ at }) => at), seconds: stats.bucket_seconds }}
      links={stats.points.map(({ at, source }) => pastOf(at, source))}
      heads={['From', 'Source', 'Predictions', 'Likely to change']}
      records={stats.points.map(({ at, source, predictions, will_change }) => [
        localTime(at),
        SOURCES[source],
        predictions,
        will_change,
      ])}
    />
  );
}

function Looking({ stats, average }: { stats: Traffic; average: number | null }) {
  const points = sharesLooking(stats.points);
  return (
    <Chart
      title="Share looking"
      finding={lookingFinding(stats, average)}
      note="The share of all predictions that reach the threshold."
      empty={emptyText(points)}
      draw={(plots, width, { marks }) =>
        plots.shares(width, { ...stats, marks }, points, {
          limits: [],
          reference: average === null ? [] : [{ from: average, colour: 'text', name: 'were looking in training' }],
          colour: 'accent',
          what: 'looking',
        })
      }
      inputs={[stats, average]}
      heads={['From', 'Predictions', 'Looking, %']}
      records={points.map(({ at, predictions, share }) => [localTime(at), predictions, Number((share * 100).toFixed(2))])}
      over={{ instants: points.map(({ at }) => at), seconds: stats.bucket_seconds }}
      links={points.map(({ at }) => pastOf(at, 'all'))}
    />
  );
}

function Scores({ stats }: { stats: Scores }) {
  const { total, bins } = scoreBins(stats);
  return (
    <Chart
      title="Scores against training"
      note={`${integer(total)} predictions of files in this window.`}
      legend={[
        { name: 'these predictions', colour: 'accent' },
        { name: 'training', colour: 'text' },
      ]}
      finding={scoresFinding(bins)}
      empty={total === 0 ? emptyText([]) : null}
      draw={(plots, width, { hidden }) =>
        plots.scoreDistribution(width, bins, { observed: !hidden.has('these predictions'), training: !hidden.has('training') })
      }
      inputs={[stats]}
      heads={['Probability', 'Predictions', 'Training']}
      records={bins.map(({ from, to }, at) => [
        `${percent(from)} to ${percent(to)}`,
        stats.observed[at] ?? 0,
        stats.training?.[at] ?? '–',
      ])}
    />
  );
}

function Drift({ stats, contract }: { stats: DriftByDay & { start: string; end: string }; contract: Contract }) {
  const label = (name: string): string =>
    name === 'score' ? 'Score' : labelOf(contract, name);
  const cells = driftCells(stats.days, label);
  return (
    <Chart
      wide
      title="Drift by feature"
      finding={driftFinding(cells)}
      note="Population stability index of each day's files (UTC) against training. Stable: chance explains it; shifted: certain, but small; drifted: certain and large."
      legend={[
        { name: 'stable', colour: 'green' },
        { name: 'shifted', colour: 'yellow' },
        { name: 'drifted', colour: 'red' },
      ]}
      empty={emptyText(cells)}
      draw={(plots, width, { hidden }) => plots.heatMap(width, cells.filter(({ verdict }) => !hidden.has(verdict)))}
      inputs={[stats]}
      heads={['Day', 'Feature', 'Rows', 'PSI', 'Stable up to', 'Verdict']}
      records={cells.map(({ day, name, rows, psi, threshold, verdict }) => [day, name, rows, psi, threshold, verdict])}
      links={cells.map(({ day }) => filesOf(`${day}T00:00:00Z`, DAY_SECONDS))}
    />
  );
}

function ExpectedQuality({ stats }: { stats: Estimates & { start: string; end: string } }) {
  const days = stats.days.flatMap(({ day, expected, measured }) =>
    expected.auc === null ? [] : [{ day, candidates: expected.candidates, expected: expected.auc, measured: measured?.auc ?? null }],
  );
  return (
    <Chart
      title="Expected AUC"
      finding={expectedFinding(stats.days)}
      note="From the scores of each day's files, before any outcome. If candidates with a given score change job more or less often than before, only outcomes show it."
      legend={[
        { name: 'expected', colour: 'accent' },
        { name: 'by outcomes', colour: 'text' },
      ]}
      empty={emptyText(days)}
      draw={(plots, width, { hidden, marks }) =>
        plots.expectedAuc(
          width,
          { ...wholeDays(stats), marks },
          days.map((each) => (hidden.has('by outcomes') ? { ...each, measured: null } : each)),
          !hidden.has('expected'),
        )
      }
      inputs={[stats]}
      over={{ instants: stats.days.map(({ day }) => `${day}T00:00:00Z`), seconds: DAY_SECONDS }}
      links={stats.days.map(({ day }) => filesOf(`${day}T00:00:00Z`, DAY_SECONDS))}
      heads={['Day', 'Candidates', 'AUC', 'Precision', 'Recall', 'Changing job', 'AUC by outcomes']}
      records={stats.days.map(({ day, expected, measured }) => [
        day,
        expected.candidates,
        expected.auc?.value ?? '–',
        expected.precision?.value ?? '–',
        expected.recall?.value ?? '–',
        expected.rate.value,
        measured?.auc?.value ?? '–',
      ])}
    />
  );
}

function AucByVersion({ live, models }: { live: LiveVersions; models: readonly ListedModel[] }) {
  const versions = models.map(({ version, role, metrics }) => {
    const known = live.versions.find((each) => each.version === version);
    const card = metrics.roc_auc;
    return {
      name: role ? `${version} (${role})` : version,
      value: known?.auc ?? null,
      low: known?.auc_interval?.low ?? null,
      high: known?.auc_interval?.high ?? null,
      outcomes: known?.outcomes ?? 0,
      card,
      expected: known?.expected_auc ?? null,
      detail: `AUC ${known?.auc?.toFixed(3)} on ${count(known?.outcomes ?? 0, 'outcome')}`,
      others: [
        ...(card === undefined ? [] : [{ value: card, symbol: 'diamond' as const }]),
        ...(known?.expected_auc ? [{ value: known.expected_auc, symbol: 'square' as const }] : []),
      ],
    };
  });
  const champion = versions.find((_, at) => models[at]?.role === 'champion');
  return (
    <Chart
      title="AUC by version"
      finding={champion?.card === undefined ? null : `The champion's card says ${champion.card.toFixed(3)}; outcomes say ${champion.value?.toFixed(3) ?? 'nothing yet'}.`}
      note="Dot and line: by outcomes, with its interval. Diamond: the card's. Square: what the same candidates' scores imply."
      empty={emptyText(versions)}
      draw={(plots, width) => plots.intervals(width, versions, { domain: [0.5, 1], marginLeft: 280 })}
      inputs={[live, models]}
      heads={['Version', 'Outcomes', 'AUC by outcomes', 'From', 'To', 'Expected', 'Card']}
      records={versions.map(({ name, outcomes, value, low, high, expected, card }) => [
        name,
        outcomes,
        value ?? '–',
        low ?? '–',
        high ?? '–',
        expected ?? '–',
        card ?? '–',
      ])}
    />
  );
}

function LiveQuality({ stats, models }: { stats: LiveVersions; models: readonly ListedModel[] }) {
  const [latest] = stats.versions.filter(({ outcomes }) => outcomes > 0);
  const weeks = stats.versions.flatMap(({ version, weeks }) =>
    weeks.flatMap(({ week, outcomes, auc, auc_interval }) =>
      auc === null ? [] : [{ week, version, outcomes, auc, interval: auc_interval }],
    ),
  );
  const card = models.find(({ version }) => version === latest?.version)?.metrics.roc_auc;
  const limits: Limit[] = [
    ...(card === undefined ? [] : [{ from: card, colour: 'text' as const, name: 'card' }]),
    ...(latest?.expected_auc ? [{ from: latest.expected_auc, colour: 'accent' as const, name: 'expected of these candidates' }] : []),
  ];
  const none = 'No outcomes yet. Once it is known who did change jobs, send it to POST /outcomes.';
  return (
    <>
      <Chart
        title="Live AUC"
        finding={liveFinding(latest, card)}
        note="How well the probabilities ranked the candidates whose outcome is known, week by week."
        empty={latest ? (weeks.length === 0 ? 'Too few outcomes yet.' : null) : none}
        draw={(plots, width) => plots.weeklyAuc(width, weeks, limits)}
        inputs={[stats, card]}
        heads={['Version', 'Outcomes', 'Not called', 'AUC', 'Expected AUC', 'Brier score', 'Calibration error', 'By chance alone']}
        records={stats.versions.map(({ version, outcomes, uncalled, auc, expected_auc, brier, ece, ece_chance }) => [
          version,
          outcomes,
          uncalled ?? '–',
          auc ?? '–',
          expected_auc ?? '–',
          brier ?? '–',
          ece ?? '–',
          ece_chance ?? '–',
        ])}
      />
      <Chart
        title="Live calibration"
        finding={calibrationFinding(latest)}
        note={latest ? `Of ${latest.version}: on the diagonal, what was predicted came true.` : ''}
        empty={latest ? emptyText(latest.calibration) : none}
        draw={(plots, width) => plots.calibration(width, latest?.calibration ?? [])}
        inputs={[stats]}
        heads={['Probability', 'Predicted', 'Came about', 'Outcomes']}
        records={(latest?.calibration ?? []).map(({ from, to, mean_probability, observed_rate, outcomes }) => [
          `${percent(from)} to ${percent(to)}`,
          mean_probability,
          observed_rate,
          outcomes,
        ])}
      />
    </>
  );
}

function ChallengerComparison({ of }: { of: Comparison | null }) {
  return (
    <section class="card chart chart-wide" aria-labelledby="challenge-title">
      <h2 id="challenge-title">Champion against challenger</h2>
      {of === null ? (
        <p class="chart-empty">No challenger runs in the shadow. An operator chooses one under Model.</p>
      ) : (
        <ComparisonFigures of={of} />
      )}
    </section>
  );
}
