import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pool } from '../../src/lib/pool.ts';

class Task {
  ran = false;
  end = (): void => undefined;
  fail = (): void => undefined;

  /** Runs until `end` or `fail` is called. */
  run = (): Promise<void> => {
    this.ran = true;
    return new Promise((resolve, reject) => {
      this.end = resolve;
      this.fail = () => reject(new Error('failed'));
    });
  };
}

test('tasks run in their order, no more at a time than the pool holds, and one that fails holds up no other', async () => {
  const run = pool(2);
  const tasks = [new Task(), new Task(), new Task(), new Task()];
  const results = tasks.map(({ run: start }) => run(start).catch((error: Error) => error.message));
  const running = (): number[] => tasks.flatMap(({ ran }, at) => (ran ? [at] : []));

  assert.deepEqual(running(), [0, 1]);
  tasks[1]?.fail();
  assert.equal(await results[1], 'failed');
  assert.deepEqual(running(), [0, 1, 2]);
  tasks[2]?.end();
  await results[2];
  assert.deepEqual(running(), [0, 1, 2, 3]);
  tasks[0]?.end();
  tasks[3]?.end();
  await Promise.all(results);
});

test('a pool that was empty for a while takes as many as before', async () => {
  const run = pool(1);
  await run(async () => undefined);
  const [first, second] = [new Task(), new Task()];
  const both = [run(first.run), run(second.run)];
  assert.deepEqual([first.ran, second.ran], [true, false]);
  first.end();
  await both[0];
  assert.equal(second.ran, true);
  second.end();
  await both[1];
});
