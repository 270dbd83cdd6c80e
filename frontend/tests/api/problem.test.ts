import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Problem, asProblem, problemFrom, unreachable } from '../../src/api/problem.ts';

test('a problem document is taken over with its errors', async () => {
  const errors = [{ row: 0, field: 'city', reason: 'Unknown.' }];
  const body = JSON.stringify({ title: 'Not valid', detail: 'See errors.', errors });
  const problem = await problemFrom(new Response(body, { status: 422 }));
  assert.deepEqual(
    [problem.title, problem.detail, problem.status, problem.errors],
    ['Not valid', 'See errors.', 422, errors],
  );
});

test('an answer without a document has a title and advice all the same', async () => {
  for (const [status, title] of [[403, 'Not allowed'], [413, 'Too large'], [429, 'Too many requests'], [502, 'The service failed'], [418, 'The service answered 418']] as const) {
    const problem = await problemFrom(new Response('<html>', { status }));
    assert.equal(problem.title, title);
    assert.notEqual(problem.detail, '');
  }
});

test('a request may be retried after a lost connection, too many requests or a failure of the service', () => {
  assert.equal(unreachable().retryable, true);
  assert.deepEqual([null, 0, 404, 422, 429, 500, 503].map((status) => new Problem('', '', status).retryable), [
    false,
    true,
    false,
    false,
    true,
    true,
    true,
  ]);
});

test('an error of the page itself becomes a problem, and a problem stays what it is', () => {
  const problem = unreachable();
  assert.equal(asProblem(problem), problem);
  assert.match(asProblem(new TypeError('x is undefined')).detail, /x is undefined/);
});
