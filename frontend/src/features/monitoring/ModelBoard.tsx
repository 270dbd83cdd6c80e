import type { Comparison, Contract, DriftByDay, Estimates, LiveVersions, Scores, Source, Traffic } from '../../api/types.ts';
import { ComparisonFigures } from '../../components/ComparisonFigures.tsx';
import { Loading } from '../../components/Notice.tsx';
import { usePolled } from '../../hooks/usePolled.ts';
import { labelOf } from '../../lib/contract.ts';
import { localTime } from '../../lib/dates.ts';
import { SOURCES, integer, percent } from '../../lib/format.ts';
import { type BoardProps, Problems, TruncatedNote, useLoadedAt } from './boardParts.tsx';
import { Chart } from './Chart.tsx';
import { rangeOf } from './lookback.ts';
import { type Colour, bucketNote, colourByName, emptyText, scoreBins, wholeDays } from './series.ts';

const SOURCE_COLOURS: Record<Source, Colour> = { scheduled: 'slate', webapp: 'accent', api: 'green' };

export function ModelBoard({ api, contract, lookback, seconds, onLoaded }: BoardProps) {
  const inputs = [api, lookback];
  const predictions = usePolled((signal) => api.predictionStats(rangeOf(lookback), signal), inputs, seconds);
  const scores = usePolled((signal) => api.scoreStats(rangeOf(lookback), signal), inputs, seconds);
  const estimates = usePolled(
    async (signal) => {
      const range = rangeOf(lookback);
      return { ...range, ...(await api.estimateStats(range, signal)) };
    },
    inputs,
    seconds,
  );
  const drift = usePolled(
    async (signal) => {
      const range = rangeOf(lookback);
      return { ...range, ...(await api.driftStats(range, signal)) };
    },
    inputs,
    seconds,
  );
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
        {scores.value && <Scores stats={scores.value} />}
        {drift.value && <Drift stats={drift.value} contract={contract} />}
        {estimates.value && <ExpectedQuality stats={estimates.value} />}
        {live.value && <LiveQuality stats={live.value} />}
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
      note={bucketNote(stats.bucket_seconds)}
      legend={legend}
      empty={emptyText(points)}
      draw={(plots, width) => plots.stackedBars(width, stats, points, colourByName(legend))}
      inputs={[stats]}
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
      empty={total === 0 ? emptyText([]) : null}
      draw={(plots, width) => plots.scoreDistribution(width, bins)}
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
  const records = stats.days.flatMap(({ day, rows, columns }) =>
    columns.map(({ column, psi, threshold, verdict }) => [day, label(column), rows, psi, threshold, verdict]),
  );
  return (
    <Chart
      wide
      title="Drift by feature"
      note="Population stability index of each day (UTC) against training; up to the dashed line, chance explains it. Shifted: certain, but small; drifted: certain and large."
      legend={[
        { name: 'stable', colour: 'green' },
        { name: 'shifted', colour: 'yellow' },
        { name: 'drifted', colour: 'red' },
      ]}
      empty={emptyText(records)}
      draw={(plots, width) => plots.driftStrips(width, wholeDays(stats), stats.days, label)}
      inputs={[stats]}
      heads={['Day', 'Feature', 'Rows', 'PSI', 'Stable up to', 'Verdict']}
      records={records}
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
      note="From the scores of each day's files, before any outcome. If candidates with a given score change job more or less often than before, only outcomes show it."
      legend={[
        { name: 'expected', colour: 'accent' },
        { name: 'by outcomes', colour: 'text' },
      ]}
      empty={emptyText(days)}
      draw={(plots, width) => plots.expectedAuc(width, wholeDays(stats), days)}
      inputs={[stats]}
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

function LiveQuality({ stats }: { stats: LiveVersions }) {
  const [latest] = stats.versions.filter(({ outcomes }) => outcomes > 0);
  const weeks = stats.versions.flatMap(({ version, weeks }) =>
    weeks.flatMap(({ week, outcomes, auc, auc_interval }) =>
      auc === null ? [] : [{ week, version, outcomes, auc, interval: auc_interval }],
    ),
  );
  const none = 'No outcomes yet. Once it is known who did change jobs, send it to POST /outcomes.';
  return (
    <>
      <Chart
        title="Live AUC"
        note="How well the probabilities ranked the candidates whose outcome is known, week by week."
        empty={latest ? (weeks.length === 0 ? 'Too few outcomes yet.' : null) : none}
        draw={(plots, width) => plots.weeklyAuc(width, weeks)}
        inputs={[stats]}
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
        note={latest ? `Of ${latest.version}: on the diagonal, what was predicted came about.` : ''}
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
