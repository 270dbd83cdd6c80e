import { Fragment } from 'preact';
import type { Contract } from '../api/types.ts';
import { type Explanation, type Step, waterfall } from '../lib/explanation.ts';
import { labelOf, shownValue } from '../lib/contract.ts';
import { count, percent, signed } from '../lib/format.ts';
import './Contributions.css';

/** The way from the average candidate's probability to this one's, feature by feature, largest first. */
export function Contributions({ contract, of }: { contract: Contract; of: Explanation }) {
  const { average, probability, contributions } = of;
  const { steps, without } = waterfall(of);
  const most = Math.max(average, probability, ...steps.map(({ to }) => to));
  const missing = contributions.filter(({ value }) => value === null).length;
  return (
    <section class="contributions" aria-labelledby="contributions-title">
      <h3 id="contributions-title">What raises the score, what lowers it</h3>
      {missing * 2 >= contributions.length && (
        <p class="small">
          {missing} of {count(contributions.length, 'value')} are not given: the score says less than for a complete candidate.
        </p>
      )}
      <ol>
        <Level label="The average candidate" probability={average} most={most} />
        {steps.map((step) => (
          <li key={step.feature}>
            <span class="contribution-what">
              {labelOf(contract, step.feature)}:{' '}
              <strong>{shownValue(contract, step.feature, step.value)}</strong>
            </span>
            <span class="contribution-size">
              {signed(100 * step.points, 1)} <span class="visually-hidden">points</span>
            </span>
            <Bar from={step.from} to={step.to} most={most} kind={step.points < 0 ? 'lowers' : 'raises'} />
          </li>
        ))}
        {without > 0 && (
          <li class="muted">
            {count(without, 'other value')}: no effect
          </li>
        )}
        <Level label="This candidate" probability={probability} most={most} />
      </ol>
      <p class="muted small">
        In percentage points.
        {missing > 0 && ' A value that is not given counts, too: it is often missing for people between jobs.'}
      </p>
      <LogOdds contract={contract} steps={steps} />
    </section>
  );
}

function Level({ label, probability, most }: { label: string; probability: number; most: number }) {
  return (
    <li class="contribution-level">
      <span class="contribution-what">{label}</span>
      <span class="contribution-size">{percent(probability)}</span>
      <Bar from={0} to={probability} most={most} kind="level" />
    </li>
  );
}

function Bar({ from, to, most, kind }: { from: number; to: number; most: number; kind: 'raises' | 'lowers' | 'level' }) {
  const [low, high] = [Math.min(from, to) / most, Math.max(from, to) / most];
  return (
    <svg class="contribution-bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
      <rect class="bar-track" width="100" height="8" />
      <rect class={kind} x={100 * low} width={Math.max(100 * (high - low), 0.5)} height="8" />
    </svg>
  );
}

function LogOdds({ contract, steps }: { contract: Contract; steps: readonly Step[] }) {
  return (
    <details class="small">
      <summary>In log-odds</summary>
      <dl class="facts">
        {steps.map(({ feature, log_odds }) => (
          <Fragment key={feature}>
            <dt>{labelOf(contract, feature)}</dt>
            <dd>{signed(log_odds)}</dd>
          </Fragment>
        ))}
      </dl>
    </details>
  );
}
