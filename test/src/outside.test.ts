/** What comes into a loop from outside: promises, signals, other threads, executors, AbortSignals. */
import assert from 'node:assert/strict';
import { Worker, type MessagePort } from 'node:worker_threads';
import {
  CancelledError,
  fromPromise,
  newEventLoop,
  sleep,
  ThreadPoolExecutor,
  type EventLoop,
  type Executor,
} from '../../src/index.ts';
import { NodeDriver } from '../../src/driver.ts';

const library = new URL('../../src/index.js', import.meta.url).href;
const isCancel = { name: 'CancelledError' };

describe('from outside of the loop', () => {
  let loop: EventLoop;
  beforeEach(() => {
    loop = newEventLoop();
  });
  afterEach(() => loop.close());

  describe('fromPromise', () => {
    it('rule 77: ends as the promise does', async () => {
      await loop.runUntilComplete(async () => {
        assert.equal(await fromPromise(Promise.resolve(1)), 1);
        assert.equal(await fromPromise(async () => 2), 2);
        await assert.rejects(fromPromise(Promise.reject(new Error('the very one'))), /the very one/);
      });
      assert.throws(() => fromPromise(5 as never, { loop }), { name: 'TypeError', message: /not 5/ });
    });

    it('rule 77: cancelled lets go of the promise, and aborts the signal that its function got', async () => {
      await loop.runUntilComplete(async () => {
        let signal: AbortSignal | undefined;
        let settle: (value: string) => void = () => {};
        const future = fromPromise<string>((given) => {
          signal = given;
          return new Promise((resolve) => (settle = resolve));
        });
        const task = loop.createTask(async () => await future);
        await sleep(0);
        assert.equal(task.cancel('why'), true);
        await assert.rejects(task, { ...isCancel, message: 'why' });
        assert.equal(future.cancelled(), true);
        assert.ok(signal?.reason instanceof CancelledError);
        settle('too late');
        await sleep(0);
        assert.equal(future.cancelled(), true);
      });
    });

    it('rule 77: is cancelled by a signal, before or later', async () => {
      const abort = new AbortController();
      const pending = new Promise<never>(() => {});
      await loop.runUntilComplete(async () => {
        const future = fromPromise(pending, { signal: abort.signal });
        loop.callSoon(() => abort.abort('stop'));
        await assert.rejects(future, { ...isCancel, reason: 'stop' });
        let called = false;
        const never = fromPromise(
          () => {
            called = true;
            return pending;
          },
          { signal: abort.signal },
        );
        await assert.rejects(never, isCancel);
        assert.equal(called, false);
      });
    });

    it('tells the driver how much it waits for', async () => {
      const counts: number[] = [];
      class Counting extends NodeDriver {
        foreignWork(pending: number): void {
          counts.push(pending);
        }
      }
      const counted = newEventLoop({ driver: (clock) => new Counting(clock, true) });
      await counted.runUntilComplete(async () => {
        const pending = fromPromise(new Promise(() => {}));
        await fromPromise(Promise.resolve());
        pending.cancel();
      });
      counted.close();
      assert.deepEqual(counts, [1, 2, 1, 0]);
    });
  });

  it('an AbortSignal cancels a task', async () => {
    const abort = new AbortController();
    await loop.runUntilComplete(async () => {
      const task = loop.createTask(() => sleep(1000), { signal: abort.signal });
      await sleep(0);
      abort.abort('stop');
      await assert.rejects(task, { ...isCancel, reason: 'stop' });
      let begun = false;
      const never = loop.createTask(async () => void (begun = true), { signal: abort.signal });
      await assert.rejects(never, isCancel);
      assert.equal(begun, false);
    });
  });

  describe('signals', () => {
    it('are handled by the loop, by name or number, until removed', async () => {
      const log: unknown[] = [];
      await loop.runUntilComplete(async () => {
        loop.addSignalHandler('SIGHUP', (text) => log.push(`replaced ${text}`), 'handler');
        loop.addSignalHandler('SIGHUP', (text) => log.push(text), 'handled');
        process.emit('SIGHUP');
        assert.deepEqual(log, [], 'never at once');
        await sleep(0);
        assert.deepEqual(log, ['handled']);
        assert.equal(loop.removeSignalHandler('SIGHUP'), true);
        assert.equal(loop.removeSignalHandler('SIGHUP'), false);
      });
      assert.equal(process.listenerCount('SIGHUP'), 0);
      loop.addSignalHandler(1, () => {});
      assert.equal(process.listenerCount('SIGHUP'), 1);
      loop.close();
      assert.equal(process.listenerCount('SIGHUP'), 0, 'a closed loop handles none');
    });

    it('that do not exist, or cannot be caught, are refused', () => {
      const handler = (): void => {};
      assert.throws(() => loop.addSignalHandler('SIGNOTHING' as never, handler), { name: 'ValueError' });
      assert.throws(() => loop.addSignalHandler(12_345, handler), { name: 'ValueError' });
      assert.throws(() => loop.addSignalHandler('SIGKILL', handler), { name: 'RuntimeError' });
      assert.throws(() => loop.addSignalHandler(null as never, handler), { name: 'TypeError' });
      assert.throws(() => loop.addSignalHandler('SIGHUP', 5 as never), { name: 'TypeError' });
    });
  });

  describe('another thread', () => {
    it('rule 25: has the loop call, wakes it, and keeps its order', async () => {
      const log: string[] = [];
      const done = loop.createFuture();
      const port = loop.threadsafePort((text: string) => {
        log.push(text);
        if (text === 'last') done.setResult(null);
      });
      const script = `
        const { workerData } = require('node:worker_threads');
        import(${JSON.stringify(library)}).then(({ callThreadsafe }) => {
          for (const text of ['first', 'second', 'last']) callThreadsafe(workerData, text);
        });`;
      const worker = new Worker(script, { eval: true, workerData: port, transferList: [port] });
      // Nothing else wakes this loop.
      await loop.runUntilComplete(done);
      await worker.terminate();
      assert.deepEqual(log, ['first', 'second', 'last']);
    });

    it('rule 25: on the same thread callSoonThreadsafe is as callSoon', async () => {
      const log: string[] = [];
      loop.callSoon(() => log.push('first'));
      loop.callSoonThreadsafe(() => log.push('second'));
      await loop.runUntilComplete(() => sleep(0));
      assert.deepEqual(log, ['first', 'second']);
    });

    it('is not heard by a closed loop', async () => {
      const port: MessagePort = loop.threadsafePort(() => assert.fail('called'));
      loop.close();
      const closed = new Promise((resolve) => port.once('close', resolve));
      port.postMessage([]);
      await closed;
    });
  });

  describe('executors', () => {
    it('run functions in other threads, and pass results and errors on', async () => {
      const pool = new ThreadPoolExecutor({ maxWorkers: 1 });
      await loop.runUntilComplete(async () => {
        const add = loop.runInExecutor(pool, (a: number, b: number) => a + b, 1, 2);
        assert.equal(await add, 3);
        const isMain = await loop.runInExecutor(pool, async () => {
          const { isMainThread } = await import('node:worker_threads');
          return isMainThread;
        });
        assert.equal(isMain, false);
        const methods = {
          join(this: void, ...parts: string[]): string {
            return parts.join('-');
          },
        };
        assert.equal(await loop.runInExecutor(pool, methods.join, 'a', 'b'), 'a-b');
        const failing = loop.runInExecutor(pool, () => {
          throw new RangeError('in the thread');
        });
        await assert.rejects(failing, { name: 'RangeError', message: 'in the thread' });
        await pool.shutdown();
        await assert.rejects(
          loop.runInExecutor(pool, () => 1),
          /shut down/,
        );
      });
      assert.throws(() => new ThreadPoolExecutor({ maxWorkers: 0 }), { name: 'RangeError' });
    }).timeout(60_000);

    it('are worker threads by default, until shut down', async () => {
      await loop.runUntilComplete(async () => {
        assert.equal(await loop.runInExecutor(null, (text: string) => text.toUpperCase(), 'text'), 'TEXT');
        await loop.shutdownDefaultExecutor();
      });
    }).timeout(60_000);

    it('may be any object with submit; a cancel lets go of the work', async () => {
      const submitted: unknown[] = [];
      const executor: Executor = {
        async submit(fn, ...args) {
          submitted.push(args);
          return await fn(...args);
        },
      };
      await loop.runUntilComplete(async () => {
        assert.equal(await loop.runInExecutor(executor, (n: number) => n * 2, 4), 8);
        loop.setDefaultExecutor(executor);
        assert.equal(await loop.runInExecutor(null, (n: number) => n * 2, 5), 10);
        const endless = loop.runInExecutor(executor, () => new Promise<never>(() => {}));
        endless.cancel();
        await assert.rejects(endless, isCancel);
      });
      assert.deepEqual(submitted, [[4], [5], []]);
    });

    it('and functions that are none are refused', () => {
      const work = (): number => 1;
      assert.throws(() => loop.runInExecutor({} as never, work), { name: 'TypeError', message: /submit/ });
      assert.throws(() => loop.runInExecutor(null, 5 as never), { name: 'TypeError' });
      assert.throws(() => loop.setDefaultExecutor(null as never), { name: 'TypeError' });
      loop.close();
      assert.throws(() => loop.runInExecutor(null, work), { name: 'RuntimeError' });
    });
  });
});
