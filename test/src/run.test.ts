import assert from 'node:assert/strict';
import {
  allTasks,
  currentTask,
  getRunningLoop,
  newEventLoop,
  run,
  Runner,
  sleep,
  type EventLoop,
  type ExceptionContext,
  type Task,
} from '../../src/index.ts';
import { virtualTime } from '../../src/testing/virtual-time.ts';

describe('run', () => {
  const loopFactory = (): EventLoop => newEventLoop(virtualTime());

  it('rule 60: runs the program on a loop of its own, which is closed then', async () => {
    let used: EventLoop | undefined;
    const main = async (): Promise<string> => {
      used = getRunningLoop();
      await sleep(0.001);
      return 'result';
    };
    assert.equal(await run(main), 'result');
    assert.equal(used?.isClosed(), true);
    const error = new Error('the very one');
    await assert.rejects(
      run(() => Promise.reject(error)),
      (thrown) => thrown === error,
    );
    await assert.rejects(run(5 as never), { name: 'ValueError', message: /got 5/ });
  });

  it('rule 60: cannot be called while a loop runs', async () => {
    const loop = loopFactory();
    const nested = loop.runUntilComplete(() => run(async () => {}));
    await assert.rejects(nested, { name: 'RuntimeError', message: /from a running event loop/ });
    loop.close();
  });

  it('rule 60: cancels what is left, waits for it, and reports its errors', async () => {
    const log: string[] = [];
    const contexts: ExceptionContext[] = [];
    let left: Task<void> | undefined;
    await run(
      async () => {
        const loop = getRunningLoop();
        loop.setExceptionHandler((_, context) => contexts.push(context));
        left = loop.createTask(async () => {
          try {
            await sleep(1000);
          } finally {
            await sleep(1);
            log.push(`cleaned up at ${loop.time()}`);
          }
        });
        loop.createTask(async () => {
          try {
            await sleep(1000);
          } catch {
            throw new RangeError('while it was cancelled');
          }
        });
        await sleep(1);
      },
      { loopFactory },
    );
    assert.equal(left?.cancelled(), true);
    assert.deepEqual(log, ['cleaned up at 2']);
    assert.deepEqual(
      contexts.map(({ message, exception }) => [message, String(exception)]),
      [['unhandled exception during run() shutdown', 'RangeError: while it was cancelled']],
    );
  });

  it('rule 60: ends the async generators that the loop was told of, and the default executor', async () => {
    const log: string[] = [];
    const contexts: ExceptionContext[] = [];
    async function* generate(): AsyncGenerator<number, void, undefined> {
      try {
        yield 1;
        yield 2;
      } finally {
        await sleep(1);
        log.push('generator ended');
      }
    }
    async function* broken(): AsyncGenerator<number, void, undefined> {
      try {
        yield 1;
      } finally {
        // oxlint-disable-next-line no-unsafe-finally -- what is tested
        throw new Error('at its end');
      }
    }
    await run(
      async () => {
        const loop = getRunningLoop();
        loop.setExceptionHandler((_, context) => contexts.push(context));
        loop.setDefaultExecutor({
          submit: () => new Promise(() => {}),
          shutdown: () => void log.push('executor shut down'),
        });
        await loop.adoptAsyncgen(generate()).next();
        await loop.adoptAsyncgen(broken()).next();
      },
      { loopFactory },
    );
    assert.deepEqual(log, ['generator ended', 'executor shut down']);
    assert.match(String(contexts[0]?.message), /^an error occurred during closing of asynchronous generator/);
    assert.equal(String(contexts[0]?.exception), 'Error: at its end');
    assert.match(String(contexts[0]?.asyncgen), /AsyncGenerator/);
  });

  it('rule 61: takes debug mode as an option, else as it is for new loops', async () => {
    const debug = async (): Promise<boolean> => getRunningLoop().getDebug();
    assert.equal(await run(debug, { debug: true }), true);
    assert.equal(await run(debug, { debug: false }), false);
    assert.equal(await run(debug), newEventLoop().getDebug());
  });
});

describe('a runner', () => {
  it('rule 62: makes its loop at the first use, and runs on it as often as one likes', async () => {
    let made = 0;
    const runner = new Runner({
      loopFactory: () => {
        made++;
        return newEventLoop(virtualTime());
      },
    });
    assert.equal(made, 0);
    assert.equal(await runner.run(() => sleep(1, 'first')), 'first');
    assert.equal(await runner.run(() => sleep(1, 'second')), 'second');
    assert.equal(made, 1);
    const loop = runner.getLoop();
    assert.equal(loop.time(), 2);
    await runner.close();
    await runner.close();
    assert.equal(loop.isClosed(), true);
    assert.throws(() => runner.getLoop(), { name: 'RuntimeError', message: /closed/ });
    await assert.rejects(
      runner.run(async () => {}),
      { name: 'RuntimeError', message: /closed/ },
    );
  });

  it('rule 62: that was never used closes without a loop; it can be disposed of', async () => {
    const runner = new Runner({
      loopFactory: () => {
        throw new Error('not needed');
      },
    });
    await runner[Symbol.asyncDispose]();
    assert.throws(() => runner.getLoop(), { name: 'RuntimeError' });
  });

  describe('and SIGINT', () => {
    let others: NodeJS.SignalsListener[];
    let runner: Runner;
    beforeEach(() => {
      others = process.listeners('SIGINT');
      process.removeAllListeners('SIGINT');
      runner = new Runner();
    });
    afterEach(async () => {
      for (const other of others) process.on('SIGINT', other);
      await runner.close();
    });
    const interrupt = (): boolean => process.emit('SIGINT');

    it('rule 63: cancels the main task at the first, which ends as a KeyboardInterrupt', async () => {
      let cleanedUp = false;
      const result = runner.run(async () => {
        try {
          getRunningLoop().callSoon(interrupt);
          await sleep(1000);
        } finally {
          await sleep(0.001);
          cleanedUp = true;
        }
      });
      await assert.rejects(result, { name: 'KeyboardInterrupt' });
      assert.equal(cleanedUp, true);
      assert.equal(process.listenerCount('SIGINT'), 0);
    });

    it('rule 63: lets a main task that catches the cancel go on', async () => {
      const result = runner.run(async () => {
        try {
          getRunningLoop().callSoon(interrupt);
          await sleep(1000);
        } catch {
          return 'caught';
        }
        return 'not reached';
      });
      assert.equal(await result, 'caught');
    });

    it('rule 63: leaves the run at once at the second; the tasks are cancelled when it is closed', async () => {
      const log: string[] = [];
      const result = runner.run(async () => {
        try {
          getRunningLoop().callSoon(interrupt);
          await sleep(1000);
        } catch {
          log.push('first');
          getRunningLoop().callSoon(interrupt);
          await sleep(1000);
        }
      });
      await assert.rejects(result, { name: 'KeyboardInterrupt' });
      assert.deepEqual(log, ['first']);
      assert.equal(allTasks(runner.getLoop()).size, 1);
    });

    it('rule 63: is a CancelledError if somebody else cancelled the main task, too', async () => {
      const result = runner.run(async () => {
        const task = currentTask();
        getRunningLoop().callSoon(() => {
          interrupt();
          task?.cancel();
        });
        await sleep(1000);
      });
      await assert.rejects(result, { name: 'CancelledError' });
    });

    it('leaves SIGINT alone where somebody listens to it already', async () => {
      let heard = 0;
      const listener = (): void => void heard++;
      process.on('SIGINT', listener);
      try {
        const value = await runner.run(async () => {
          interrupt();
          await sleep(0.001);
          return 'undisturbed';
        });
        assert.equal(value, 'undisturbed');
        assert.equal(heard, 1);
      } finally {
        process.removeListener('SIGINT', listener);
      }
    });
  });
});
