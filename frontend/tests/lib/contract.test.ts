import assert from 'node:assert/strict';
import { test } from 'node:test';
import { columnGroups, inputColumns, labelOf, toCandidate } from '../../src/lib/contract.ts';
import { CONTRACT } from '../samples.ts';

const columns = inputColumns(CONTRACT);

test('the target is not a column of a candidate', () => {
  assert.deepEqual(columns.map(({ name }) => name), ['enrollee_id', 'city', 'hours']);
});

test('columns are grouped in the order of the groups\' first columns', () => {
  const groups = columnGroups(columns).map(([group, members]) => [group, members.map(({ name }) => name)]);
  assert.deepEqual(groups, [['Candidate', ['enrollee_id', 'hours']], ['Home', ['city']]]);
});

test('a column that the contract does not have is labelled with its name', () => {
  const contract = { ...CONTRACT, columns: CONTRACT.columns.map((column) => ({ ...column, label: `The ${column.name}` })) };
  assert.equal(labelOf(contract, 'city'), 'The city');
  assert.equal(labelOf(contract, 'score'), 'score');
});

test('empty cells, cells of spaces only and unknown columns are not sent', () => {
  assert.deepEqual(toCandidate(columns, { city: '', hours: '  ', shoe: '42' }), {});
});

test('a number in a numeric column is sent as a number, however it is written', () => {
  for (const [text, number] of [['12', 12], [' 12 ', 12], ['+1.5', 1.5], ['-.5', -0.5], ['2.', 2], ['1e2', 100]] as const) {
    assert.deepEqual(toCandidate(columns, { hours: text }), { hours: number });
  }
});

test('what JavaScript takes for a number and people do not is sent as the text it is', () => {
  for (const text of ['0x10', '0b1', 'Infinity', '1e999', '12 h', '1,5', '1_0', '.']) {
    assert.deepEqual(toCandidate(columns, { hours: text }), { hours: text });
  }
});

test('a text column is sent as a text, also when it looks like a number', () => {
  assert.deepEqual(toCandidate(columns, { city: '007' }), { city: '007' });
});
