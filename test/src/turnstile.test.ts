import assert from 'node:assert/strict';
import { Turnstile, turnstile, type Step } from '../../src/turnstile.ts';
import { current, type Stepping } from '../../src/current.ts';
import { PersistentLoop } from '../../src/persistent.ts';

/** Enough turns of the host for all steps, even if each is so slow that the host gets a turn after it. */
async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
}

/** Lets errors pass that nothing catches, so that a step can be torn as V8 tears it, at a throw. */
async function whileTearing(body: () => Promise<void>): Promise<void> {
  process.setUncaughtExceptionCaptureCallback(() => {});
  try {
    await body();
  } finally {
    process.setUncaughtExceptionCaptureCallback(null);
  }
}

describe('the turnstile', () => {
  let log: string[];
  let gate: Turnstile;
  const step = (name: string, then: () => void = () => {}): Step => {
    const owner = {};
    return {
      owner,
      run(): void {
        log.push(name);
        assert.equal(gate.occupant, owner);
        then();
      },
    };
  };
  const torn = (name: string): Step =>
    step(name, () => {
      throw new Error('torn');
    });
  beforeEach(() => {
    log = [];
    gate = new Turnstile();
  });

  it('lets steps through in order, one at a time, with all microtasks between two', async () => {
    const withMicrotasks = (name: string): Step =>
      step(name, () => {
        void (async () => {
          for (let i = 0; i < 10; i++) await Promise.resolve();
          log.push(`${name} done`);
        })();
      });
    gate.enter(withMicrotasks('a'));
    gate.enter(withMicrotasks('b'));
    assert.deepEqual(log, []);
    await settle();
    assert.deepEqual(log, ['a', 'a done', 'b', 'b done']);
  });

  it('has an occupant during a step that goes on, and its microtasks, and no longer', async () => {
    const seen: unknown[] = [];
    let goesOn = true;
    const twice: Step = {
      owner: {},
      run(): void {
        seen.push(gate.occupant);
        queueMicrotask(() => queueMicrotask(() => seen.push(gate.occupant)));
        if (goesOn) gate.enter(twice);
        goesOn = false;
      },
    };
    gate.enter(twice);
    await settle();
    // The second time it asks for no other step: its loop is out, also for its microtasks.
    assert.deepEqual(seen, [twice.owner, twice.owner, twice.owner, null]);
    assert.equal(gate.occupant, null);
  });

  it('goes on with the next steps after a recovery from a torn one', async () => {
    await whileTearing(async () => {
      gate.enter(torn('torn'));
      gate.enter(step('next'));
      await settle();
      gate.enter(step('later'));
      await settle();
      assert.deepEqual(log, ['torn']);
      gate.recover();
      assert.equal(gate.occupant, null);
      await settle();
    });
    assert.deepEqual(log, ['torn', 'next', 'later']);
  });

  it('keeps one step at a time when it recovers from nothing, inside a step', async () => {
    const withMicrotask = (name: string): Step =>
      step(name, () => queueMicrotask(() => queueMicrotask(() => log.push(`${name} done`))));
    gate.enter(step('recovering', () => gate.recover()));
    gate.enter(step('recovering again', () => gate.recover()));
    for (const name of ['a', 'b', 'c']) gate.enter(withMicrotask(name));
    gate.recover();
    await settle();
    assert.deepEqual(log, ['recovering', 'recovering again', 'a', 'a done', 'b', 'b done', 'c', 'c done']);
  });

  it('is mended by the recovery of a persistent loop', async () => {
    const loop = new PersistentLoop();
    await settle();
    await whileTearing(async () => {
      turnstile.enter({
        owner: {},
        run() {
          throw new Error('torn');
        },
      });
      await settle();
      loop.callSoon(() => log.push('called'));
      await settle();
      assert.deepEqual(log, []);
      loop.recover();
      await settle();
    });
    assert.deepEqual(log, ['called']);
    loop.close();
  });

  for (const way of ['in rows', 'by ticks alone']) {
    it(`lets the host have its turns in the name of no loop and no task, ${way}`, async () => {
      if (way === 'by ticks alone') gate.useTicksOnly();
      const task = { toString: () => 'a task' } as Stepping;
      const seen = new Set<unknown>();
      let hostTurns = 0;
      const look = (): void => {
        seen.add(current.task);
        seen.add(gate.occupant);
        if (++hostTurns < 20) setImmediate(look);
      };
      await new Promise<void>((resolve) => {
        const endless: Step = {
          owner: {},
          run() {
            assert.equal(current.task, null);
            current.task = task;
            if (hostTurns < 20) gate.enter(endless);
            else resolve();
          },
        };
        gate.enter(endless);
        setImmediate(look);
      });
      current.task = null;
      assert.deepEqual([...seen], [null]);
    });
  }
});
