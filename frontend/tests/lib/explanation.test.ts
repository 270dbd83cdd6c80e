import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explanationOf, waterfall } from '../../src/lib/explanation.ts';
import { prediction } from '../samples.ts';

const explained = (contributions: readonly number[], probability: number) =>
  explanationOf({
    ...prediction({ enrollee_id: 1 }),
    probability,
    explanation: contributions.map((contribution, at) => ({ feature: `f${at}`, value: null, contribution })),
  }) ?? assert.fail();

test('the points lead from the average candidate to this one, each with the sign of its log-odds', () => {
  for (const [contributions, probability] of [[[1.2, -0.5, 0.1], 0.4], [[-2, 0.3], 0.02], [[0.7, -0.7], 0.25]] as const) {
    const { average, contributions: found } = explained(contributions, probability);
    const sum = found.reduce((total, { points }) => total + points, average);
    assert.ok(Math.abs(sum - probability) < 1e-9);
    assert.ok(found.every(({ points, log_odds }) => Math.sign(points) === Math.sign(log_odds)));
  }
});

test('each step begins where the one before it ended, and steps that nobody sees are only counted', () => {
  const of = explained([0.8, 0.0001, -0.3, 0], 0.4);
  const { steps, without } = waterfall(of);
  assert.equal(without, 2);
  assert.deepEqual(steps.map(({ feature }) => feature), ['f0', 'f2']);
  assert.equal(steps[0]?.from, of.average);
  assert.ok(Math.abs((steps.at(-1)?.to ?? 0) - 0.4) < 1e-9);
});

test('without an explanation there is none', () => {
  assert.equal(explanationOf(prediction({ enrollee_id: 1 })), null);
});
