import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explanationOf, waterfall } from '../../src/lib/explanation.ts';
import { prediction } from '../samples.ts';

const explained = (points: readonly number[], average: number) =>
  explanationOf({
    ...prediction({ enrollee_id: 1 }),
    probability: points.reduce((sum, each) => sum + each, average),
    average,
    above: 0.83,
    explanation: points.map((each, at) => ({ feature: `f${at}`, value: null, contribution: 5 * each, points: each })),
  }) ?? assert.fail();

test('the points and the log-odds are those of the API, and so is the rank', () => {
  const { average, above, contributions } = explained([0.2, -0.05], 0.25);
  assert.deepEqual([average, above], [0.25, 0.83]);
  assert.deepEqual(contributions.map(({ points, log_odds }) => [points, log_odds]), [[0.2, 1], [-0.05, -0.25]]);
});

test('each step begins where the one before it ended, and steps that nobody sees are only counted', () => {
  const of = explained([0.3, 0.0001, -0.15, 0], 0.25);
  const { steps, without } = waterfall(of);
  assert.equal(without, 2);
  assert.deepEqual(steps.map(({ feature }) => feature), ['f0', 'f2']);
  assert.equal(steps[0]?.from, of.average);
  assert.ok(Math.abs((steps.at(-1)?.to ?? 0) - 0.4001) < 1e-9);
});

test('without an explanation there is none', () => {
  assert.equal(explanationOf(prediction({ enrollee_id: 1 })), null);
});
