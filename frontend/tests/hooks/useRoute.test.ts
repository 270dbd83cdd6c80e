import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fragment, routeOf } from '../../src/hooks/useRoute.ts';

test('a fragment names a view, what of it is shown, and what is chosen there', () => {
  assert.deepEqual(routeOf('#files'), { view: 'files', subpath: '', query: {} });
  assert.deepEqual(routeOf('#files/f1?above=1&prediction=p-1'), {
    view: 'files',
    subpath: 'f1',
    query: { above: '1', prediction: 'p-1' },
  });
  assert.deepEqual(routeOf('#monitoring/model'), { view: 'monitoring', subpath: 'model', query: {} });
});

test('a fragment without a known view leads to the form', () => {
  for (const hash of ['', '#', '#nothing', '#constructor', '#token=x', '#nothing?days=7']) {
    assert.deepEqual(routeOf(hash), { view: 'predict', subpath: '', query: {} });
  }
});

test('a fragment is that of its route, and empty values are left out', () => {
  for (const hash of ['#past', '#past?days=30&source=api', '#files/f1?above=1']) assert.equal(fragment(routeOf(hash)), hash);
  assert.equal(fragment(routeOf('#past?days=30'), { days: '', candidate: 'a b' }), '#past?candidate=a+b');
  assert.equal(routeOf(fragment(routeOf('#past'), { candidate: 'a&b=c' })).query.candidate, 'a&b=c');
});
