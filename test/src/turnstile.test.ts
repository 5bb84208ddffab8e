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

  for (const way of ['in rows', 'by ticks alone']) {
    it(`keeps the order of thousands of steps, each with its microtasks and ticks, ${way}`, async () => {
      if (way === 'by ticks alone') gate.useTicksOnly();
      const order: string[] = [];
      /** Two loops with something to do all the time; now and then one of them rests. */
      const walk = (name: string, steps: number): Promise<void> =>
        new Promise((resolve) => {
          let count = 0;
          const walker: Step = {
            owner: {},
            run() {
              const own = `${name}${count++}`;
              order.push(own);
              void (async () => {
                for (let i = 0; i < 3; i++) await Promise.resolve();
                order.push(`${own} end`);
              })();
              if (count === steps) resolve();
              else if (count % 97 === 0) setTimeout(() => gate.enter(walker), 1);
              else gate.enter(walker);
            },
          };
          gate.enter(walker);
        });
      await Promise.all([walk('a', 1500), walk('b', 1500)]);
      await settle();
      assert.equal(order.length, 6000);
      for (let i = 0; i < order.length; i += 2) assert.equal(order[i + 1], `${order[i] ?? ''} end`);
      const own = order.filter((each) => /^a\d+$/.test(each));
      assert.deepEqual(
        own,
        Array.from({ length: 1500 }, (_, i) => `a${i}`),
      );
    });

    it(`takes each step once, whenever it recovers, ${way}`, async () => {
      if (way === 'by ticks alone') gate.useTicksOnly();
      const taken: number[] = [];
      await new Promise<void>((resolve) => {
        const walker: Step = {
          owner: {},
          run() {
            const own = taken.length;
            taken.push(own);
            if (own % 7 === 0) queueMicrotask(() => gate.recover());
            if (own % 11 === 0) setImmediate(() => gate.recover());
            if (own < 2000) gate.enter(walker);
            else resolve();
          },
        };
        gate.enter(walker);
      });
      await settle();
      assert.equal(taken.length, 2001);
    });
  }

  it('takes no more turns when nothing is left in the middle of a row', async () => {
    let steps = 0;
    const once: Step = {
      owner: {},
      run() {
        // Enough for a row to have been asked for, of which most is left.
        if (++steps < 12) gate.enter(once);
      },
    };
    gate.enter(once);
    await settle();
    assert.equal(steps, 12);
    gate.enter(once);
    await settle();
    assert.equal(steps, 13);
    assert.equal(gate.occupant, null);
  });
});
