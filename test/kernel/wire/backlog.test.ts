import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { Backlog, weightOf } from '../../../kernel/wire/backlog.ts';

/** Adds 8 and then 8 more to a backlog of at most 10; says so before, between and behind. */
const printer = `
  const { parentPort, workerData } = require('node:worker_threads');
  import(workerData.module).then(({ Backlog }) => {
    const backlog = new Backlog(workerData.shared, 10);
    backlog.add(8);
    Atomics.store(workerData.steps, 0, 1);
    parentPort.postMessage('first');
    backlog.add(8);
    Atomics.store(workerData.steps, 0, 2);
    parentPort.postMessage('second');
  });`;

describe('a backlog', () => {
  it('lets its printer go on only when enough has been taken', async () => {
    const backlog = new Backlog();
    const steps = new Int32Array(new SharedArrayBuffer(4));
    const module = new URL('../../../kernel/wire/backlog.js', import.meta.url).href;
    const worker = new Worker(printer, { eval: true, workerData: { module, shared: backlog.shared, steps } });
    try {
      assert.deepEqual(await once(worker, 'message'), ['first']);
      // The printer has handed the rest over, and has had many turns to go on.
      while (Atomics.load(backlog.shared, 0) < 16) await new Promise((resolve) => setTimeout(resolve, 1));
      for (let turn = 0; turn < 100; turn += 1) await new Promise((resolve) => setTimeout(resolve, 1));
      assert.equal(Atomics.load(steps, 0), 1);
      const second = once(worker, 'message');
      backlog.take(8);
      assert.deepEqual(await second, ['second']);
    } finally {
      await worker.terminate();
    }
  });

  it('counts a thousand short messages for as much as a very long one', () => {
    const short = { type: 'display', data: { 'text/plain': '1' } };
    const long = { type: 'stream', text: 'x'.repeat(4_000_000) };
    assert.ok(1000 * weightOf(short) > weightOf(long));
    assert.ok(weightOf(long) > 10 * weightOf(short));
  });

  it('waits for nobody when there is nobody left', () => {
    new Backlog(undefined, 1).add(100, () => true);
  });
});
