import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OperatingPoints } from '../../../src/api/types.ts';
import {
  consequences,
  declared,
  gain,
  moveTo,
  ofThousand,
  ruleOf,
  shareCalled,
  thresholdCalling,
  typed,
} from '../../../src/features/model/thresholds.ts';

/** 100 candidates, one in each hundredth; those of 0.8 or more are looking. */
const POINTS: OperatingPoints = {
  thresholds: Array.from({ length: 101 }, (_, at) => at / 100),
  everybody: {
    rows: 100,
    looking: 20,
    called: Array.from({ length: 101 }, (_, at) => 100 - at),
    right: Array.from({ length: 101 }, (_, at) => Math.min(20, 100 - at)),
  },
  groups: [],
};
const START = declared(POINTS, { kind: 'cost', value: 3, sentence: '' }, 0.25);

test('a threshold calls those who reach it, and between two counted ones so many in proportion', () => {
  assert.deepEqual(consequences(POINTS.everybody, 0.9), { rows: 100, looking: 20, called: 10, right: 10 });
  assert.equal(consequences(POINTS.everybody, 0.905).called, 9.5);
  assert.equal(consequences(POINTS.everybody, 1).called, 0);
  assert.equal(ofThousand(9.5, 100), 95);
});

test('a share is called by the threshold that calls it', () => {
  for (const share of [0, 0.001, 0.2, 0.5, 0.999, 1]) {
    assert.ok(Math.abs(shareCalled(POINTS, thresholdCalling(POINTS, share)) - share) < 1e-9, String(share));
  }
  assert.equal(gain(POINTS, 0.2), 1);
  assert.equal(gain(POINTS, 0.1), 0.5);
  assert.equal(gain(POINTS, 0), 0);
});

test('the rule in force is what is shown first', () => {
  assert.deepEqual(START, { kind: 'cost', missed: '3', callable: '750', of: '1000', threshold: 0.25 });
  assert.deepEqual(ruleOf(START), { missed: 3 });
  const capacity = declared(POINTS, { kind: 'capacity', value: 0.05, sentence: '' }, 0.95);
  assert.deepEqual(ruleOf(capacity), { capacity: 0.05 });
});

test('moved, a threshold says by what rule it would be; typed, a rule says its threshold', () => {
  const moved = moveTo(POINTS, START, 0.2);
  assert.equal(moved.missed, '4');
  assert.equal(moved.callable, '800');
  assert.equal(typed(POINTS, START, { kind: 'cost', missed: '1' }).threshold, 0.5);
  const called = typed(POINTS, START, { kind: 'capacity', callable: '50', of: '1000' });
  assert.ok(Math.abs(called.threshold - 0.95) < 1e-9);
  assert.deepEqual(ruleOf(called), { capacity: 0.05 });
});

test('each step of the slider moves, also where nobody is', () => {
  const empty = { ...POINTS, everybody: { ...POINTS.everybody, called: POINTS.everybody.called.map((all, at) => (at > 50 ? 0 : all)) } };
  let chosen = START;
  for (const threshold of [0.6, 0.7, 0.99]) {
    chosen = moveTo(empty, { ...chosen, kind: 'capacity' }, threshold);
    assert.equal(chosen.threshold, threshold);
  }
  // Nobody at all can't be meant.
  assert.equal(ruleOf(chosen), null);
});

test('what cannot be meant is no rule, and moves nothing', () => {
  for (const missed of ['', 'many', '0', '-1', '1001']) {
    const wrong = typed(POINTS, START, { missed });
    assert.equal(ruleOf(wrong), null, missed);
    assert.equal(wrong.threshold, START.threshold);
  }
  assert.equal(ruleOf({ ...START, kind: 'capacity', callable: '20', of: '10' }), null);
  assert.deepEqual(ruleOf({ ...START, kind: 'capacity', callable: '1,000', of: '2,000' }), { capacity: 0.5 });
});
