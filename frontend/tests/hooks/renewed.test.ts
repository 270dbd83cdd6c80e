import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renewed } from '../../src/hooks/usePages.ts';

const list = (items: string, next: string | null) => ({ items: [...items], next });
const key = (item: string): string => item.toLowerCase();

test('what is new comes first, what changed takes its place, and the pages after it stay', () => {
  assert.deepEqual(renewed(list('cbAzy', 'page 3'), list('dCBa', 'page 2'), key), list('dCBazy', 'page 3'));
});

test('a list that is whole stays whole', () => {
  assert.deepEqual(renewed(list('ba', null), list('cba', null), key), list('cba', null));
  assert.deepEqual(renewed(list('', null), list('a', null), key), list('a', null));
});

test('where nothing is left of the first page, the list begins again', () => {
  assert.deepEqual(renewed(list('ba', 'page 2'), list('zyx', 'page 2'), key), list('zyx', 'page 2'));
});
