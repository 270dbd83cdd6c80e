import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UNKNOWN_SCALE, standing } from '../../src/lib/verdict.ts';

const SCALE = { average: 0.25, threshold: 0.256 };

test('a probability stands beside the average and the threshold', () => {
  assert.equal(standing(0.41, true, SCALE), '1.6 times the average (25%), above your threshold (26%)');
  assert.equal(standing(0.14, false, SCALE), '0.6 times the average (25%), below your threshold (26%)');
  assert.equal(standing(0.2549, false, SCALE), 'about the average (25%), below your threshold (26%)');
});

test('its rank is shown where it is known', () => {
  assert.match(standing(0.41, true, SCALE, 0.83), /, higher than 83% of candidates, above/);
});

test('a threshold that rounds to the same percentage has a decimal', () => {
  assert.match(standing(0.262, true, SCALE), /above your threshold \(25\.6%\)$/);
});

test('what is not known is not shown', () => {
  assert.equal(standing(0.41, true, UNKNOWN_SCALE), 'above the threshold');
});
