import assert from 'node:assert/strict';
import { test } from 'node:test';
import { routeOf } from '../../src/hooks/useRoute.ts';

test('a fragment names a view and what of it is shown', () => {
  assert.deepEqual(routeOf('#files'), { view: 'files', subpath: '' });
  assert.deepEqual(routeOf('#files/f0'), { view: 'files', subpath: 'f0' });
  assert.deepEqual(routeOf('#monitoring/model/x'), { view: 'monitoring', subpath: 'model/x' });
});

test('a fragment without a known view leads to the form', () => {
  for (const hash of ['', '#', '#nowhere', '#nowhere/f0', '#constructor', '#toString']) {
    assert.deepEqual(routeOf(hash), { view: 'predict', subpath: '' });
  }
});
