import assert from 'node:assert/strict';
import {
  CancelledError,
  createTask,
  currentTask,
  getRunningLoop,
  newEventLoop,
  sleep,
  timeout,
  timeoutAt,
  TimeoutError,
} from '../../src/index.ts';
import { installPersistentLoop } from '../../src/persistent.ts';
import { virtualTime } from '../../src/testing/virtual-time.ts';
import { onVirtualLoop } from '../support/virtual-loop.ts';

describe('timeout', () => {
  it('rule 113: with null never fires; with zero or less at the next await', async () => {
    await onVirtualLoop(async (loop) => {
      assert.equal(await timeout(null).with(() => sleep(1e6, 'long')), 'long');
      for (const delay of [0, -1]) {
        const steps: string[] = [];
        const begin = loop.time();
        await assert.rejects(
          timeout(delay).with(async () => {
            steps.push('begins');
            await sleep(1);
            steps.push('never');
          }),
          TimeoutError,
        );
        assert.deepEqual([steps, loop.time()], [['begins'], begin]);
      }
      // Without an await it has no chance.
      assert.equal(await timeout(0).with(() => 'done'), 'done');
    });
  });

  it('rule 113: fires at the loop time that timeoutAt says', async () => {
    await onVirtualLoop(async (loop) => {
      await sleep(1);
      const scope = timeoutAt(3);
      assert.equal(scope.when(), 3);
      await assert.rejects(
        scope.with(() => sleep(9)),
        TimeoutError,
      );
      assert.equal(loop.time(), 3);
      assert.equal(await timeoutAt(null).with(() => sleep(1, 'done')), 'done');
    });
  });

  it('rule 113: makes a TimeoutError of the CancelledError, which is its cause, and lets other errors through', async () => {
    await onVirtualLoop(async () => {
      const error = await timeout(1)
        .with(() => sleep(9))
        .catch((caught: unknown) => caught);
      assert.ok(error instanceof TimeoutError && error.cause instanceof CancelledError);
      const other = new Error('other');
      await assert.rejects(
        timeout(1).with(() => Promise.reject(other)),
        (caught) => caught === other,
      );
      await assert.rejects(
        timeout(1).with(() => {
          throw other;
        }),
        (caught) => caught === other,
      );
    });
  });

  it('rule 113: only the outermost of those that expired together converts', async () => {
    await onVirtualLoop(async () => {
      const inner = timeout(1);
      let innerError: unknown;
      const error = await timeout(1)
        .with(async () => {
          try {
            await inner.with(() => sleep(9));
          } catch (caught) {
            innerError = caught;
            throw caught;
          }
        })
        .catch((caught: unknown) => caught);
      assert.ok(innerError instanceof CancelledError);
      assert.ok(error instanceof TimeoutError);
      assert.equal(inner.expired(), true);
    });
  });

  it('rule 114: can be moved while its code runs only', async () => {
    await onVirtualLoop(async () => {
      const scope = timeout(10);
      const refuse = (message: RegExp): void =>
        assert.throws(() => scope.reschedule(1), { name: 'RuntimeError', message });
      refuse(/has not been entered/);
      await scope.with(() => scope.reschedule(null));
      assert.equal(scope.when(), null);
      refuse(/Cannot change state of finished Timeout/);

      const expiring = timeout(1);
      await assert.rejects(
        expiring.with(async () => {
          try {
            await sleep(9);
          } finally {
            assert.throws(() => expiring.reschedule(99), { message: /state of expiring Timeout/ });
          }
        }),
        TimeoutError,
      );
      assert.throws(() => expiring.reschedule(99), { message: /state of expired Timeout/ });
      assert.throws(() => expiring.reschedule(NaN), { name: 'TypeError' });
    });
  });

  it('rule 114: can be used once, and in a task only', async () => {
    await onVirtualLoop(async () => {
      const scope = timeout(1);
      await scope.with(async () => {
        await assert.rejects(
          scope.with(() => {}),
          { name: 'RuntimeError', message: /already been entered/ },
        );
      });
      await assert.rejects(
        scope.with(() => {}),
        { name: 'RuntimeError', message: /already been entered/ },
      );
    });
    const loop = newEventLoop(virtualTime());
    const attempts: Array<Promise<unknown>> = [];
    loop.callSoon(() => {
      assert.equal(currentTask(), null);
      attempts.push(timeout(1).with(() => {}));
      loop.stop();
    });
    const run = loop.runForever();
    await run;
    await assert.rejects(attempts[0] as Promise<unknown>, {
      name: 'RuntimeError',
      message: 'Timeout should be used inside a task',
    });
    loop.close();
  });

  it('rule 114: leaves a cancellation from elsewhere what it is, and the count of requests what it was', async () => {
    await onVirtualLoop(async () => {
      const task = createTask(() => timeout(5).with(() => sleep(9)));
      await sleep(1);
      task.cancel();
      await assert.rejects(task, CancelledError);
      assert.equal(task.cancelling(), 1);

      await assert.rejects(
        timeout(1).with(() => sleep(9)),
        TimeoutError,
      );
      assert.equal(currentTask()?.cancelling(), 0);

      // Cancelled by somebody else while it expires: both count, so it is a cancellation.
      const both = createTask(() =>
        timeout(1).with(async () => {
          try {
            await sleep(9);
          } finally {
            await sleep(2);
          }
        }),
      );
      await sleep(2);
      both.cancel();
      await assert.rejects(both, CancelledError);
      assert.equal(both.cancelling(), 1);
    });
  });

  it('gives the code a task of its own on a loop that always runs, where there is none', async () => {
    const installed = installPersistentLoop({ ...virtualTime() });
    try {
      assert.equal(currentTask(), null);
      assert.equal(await timeout(1).with(() => sleep(0.5, 'in time')), 'in time');
      await assert.rejects(
        timeout(1).with(() => sleep(9)),
        TimeoutError,
      );
      assert.equal(getRunningLoop().time(), 1.5);
    } finally {
      installed.uninstall();
    }
  });

  it('shows its state and deadline', async () => {
    await onVirtualLoop(async () => {
      const scope = timeout(1.23456);
      const texts = [String(scope)];
      await scope.with(() => texts.push(String(scope)));
      texts.push(String(scope));
      const endless = timeout(null);
      await endless.with(() => texts.push(String(endless)));
      assert.deepEqual(texts, [
        '<Timeout [created]>',
        '<Timeout [active] when=1.235>',
        '<Timeout [finished]>',
        '<Timeout [active] when=null>',
      ]);
    });
  });

  it('refuses what is no number of seconds', async () => {
    await onVirtualLoop(async () => {
      assert.throws(() => timeout('1' as never), { name: 'TypeError', message: /timeout\(\)/ });
      assert.throws(() => timeout(undefined as never), { name: 'TypeError' });
      assert.throws(() => timeoutAt(NaN), { name: 'TypeError', message: /timeoutAt\(\)/ });
    });
  });
});
