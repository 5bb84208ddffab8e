import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { createTask, gather, KeyboardInterrupt, sleep, type Future } from '../../src/index.ts';
import { installPersistentLoop, type InstalledPersistentLoop } from '../../src/persistent.ts';

const NEVER = new Promise<never>(() => {});

describe('an interrupt of code that waits for tasks', () => {
  const cell = new AsyncLocalStorage<string>();
  let installed: InstalledPersistentLoop;
  let reports: unknown[];
  beforeEach(() => {
    reports = [];
    installed = installPersistentLoop({
      context: {
        capture: () => cell.getStore(),
        run: (store, fn, args) =>
          cell.run(store as string, fn as (...args: readonly unknown[]) => unknown, ...args),
      },
      exceptionHandler: (_loop, { exception }) => reports.push(exception),
    });
  });
  afterEach(() => installed.uninstall());

  /** Waits in a cell, and interrupts that once all steps are through that need no time. */
  async function interrupt(
    wait: () => PromiseLike<unknown>,
  ): Promise<{ ends: boolean; outcome: Promise<unknown> }> {
    const outcome = cell.run('cell', async () => wait()).catch((error: unknown) => error);
    for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
    const loop = installed.loop();
    assert.equal(loop.interrupt('cell', new KeyboardInterrupt('enough')), 1);
    return { ends: loop.isEnding('cell'), outcome };
  }

  const sleeps = (): Promise<void> => sleep(1e6).then(() => {});
  const cases: Readonly<Record<string, readonly [wait: () => PromiseLike<unknown>, ends: boolean]>> = {
    'a task that sleeps': [() => createTask(async () => sleeps()), true],
    'a task that waits for a task that sleeps': [() => createTask(async () => createTask(sleeps)), true],
    'gathered tasks that sleep': [() => gather(sleeps, sleeps), true],
    'a task that listens to its signal': [
      () => {
        const task: Future = createTask(async () => {
          void (task as ReturnType<typeof createTask>).signal;
          await NEVER;
        });
        return task;
      },
      true,
    ],
    "a task that waits for somebody else's promise": [() => createTask(async () => NEVER), false],
    'a task that waits for such a one': [() => createTask(async () => createTask(async () => NEVER)), false],
    'gathered tasks of which one does': [() => gather(sleeps, async () => NEVER), false],
    'a run call for such a one': [() => installed.loop().runUntilComplete(async () => NEVER), false],
    'a run call for one that sleeps': [() => installed.loop().runUntilComplete(async () => sleeps()), true],
  };
  for (const [name, [wait, ends]] of Object.entries(cases)) {
    it(`knows whether it can end by itself: ${name}`, async () => {
      const interrupted = await interrupt(wait);
      assert.equal(interrupted.ends, ends);
      if (ends && !name.includes('signal')) {
        assert.equal(String(await interrupted.outcome), 'KeyboardInterrupt: enough');
      }
      assert.deepEqual(reports, []);
    });
  }

  it('ends a task that was torn in a step, and tells who waits for it', async () => {
    const torn = createTask(async () => {
      await sleep(0);
      // As if V8 had ended this step, and the host had repaired what was left of it.
      installed.loop().recover();
      await NEVER;
    });
    const finished: string[] = [];
    const outer = createTask(async () => {
      try {
        await torn;
      } finally {
        finished.push('outer');
      }
    });
    await assert.rejects(outer, { name: 'KeyboardInterrupt', message: 'The task was interrupted' });
    assert.deepEqual([finished, torn.done()], [['outer'], true]);
  });

  it('leaves a task alone in whose step the code of somebody else was torn', async () => {
    const { promise, resolve } = withResolvers();
    void promise.then(() => installed.loop().recover());
    const task = createTask(async () => {
      await sleep(0);
      const slept = sleep(0.001, 'goes on').then((value) => value);
      resolve();
      return slept;
    });
    assert.equal(await task, 'goes on');
  });
});

function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => {};
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}
