/** Which microtasks are found to be endless. */
import assert from 'node:assert/strict';
import { MicrotaskChain } from '../../../kernel/runtime/microtask-chain.ts';

/** Longer (ms) than microtasks may go on without a pause. */
const LONG = 150;

/** Probes in a chain of callbacks until `isOver`; resolves to how often the chain was to be torn. */
function probed(
  isOver: (torn: number, time: number) => boolean,
  again: (callback: () => void) => unknown,
  withTicks: boolean = false,
): Promise<number> {
  const { promise, resolve } = withResolvers();
  let torn = 0;
  const chain = new MicrotaskChain(() => {
    torn += 1;
  });
  const start = performance.now();
  const step = (): void => {
    if (isOver(torn, performance.now() - start)) {
      chain.reset();
      resolve(torn);
      return;
    }
    chain.probe(withTicks);
    again(step);
  };
  step();
  return promise;
}

function withResolvers(): { promise: Promise<number>; resolve: (torn: number) => void } {
  let resolve: (torn: number) => void = () => {};
  const promise = new Promise<number>((settle) => (resolve = settle));
  return { promise, resolve };
}

const isTorn = (torn: number): boolean => torn > 0;
const isLong = (_: number, time: number): boolean => time > LONG;

describe('a chain of callbacks that is probed', function () {
  this.timeout(60_000);

  it('is torn when it is of microtasks without end', async () => {
    assert.ok((await probed(isTorn, queueMicrotask)) > 0);
    assert.ok((await probed(isTorn, (step) => Promise.resolve().then(step))) > 0);
  });

  it('is left alone when the queue of microtasks is empty now and then', async () => {
    assert.equal(await probed(isLong, process.nextTick), 0);
    assert.equal(await probed(isLong, setImmediate), 0);
    assert.equal(await probed(isLong, (step) => process.nextTick(() => queueMicrotask(step))), 0);
  });

  it('is torn with ticks in it if these are asked for, and is left alone when Node gets on', async () => {
    const mixed = (step: () => void): void => process.nextTick(() => queueMicrotask(step));
    assert.ok((await probed(isTorn, mixed, true)) > 0);
    // The first immediate may come before the one that tells of the pause, the second does not.
    const inNextTurn = (step: () => void): unknown => setImmediate(() => setImmediate(step));
    assert.equal(await probed(isLong, inNextTurn, true), 0);
  });

  it('is left alone after a reset, also if that comes before the turn of the probe', async () => {
    let torn = 0;
    const chain = new MicrotaskChain(() => {
      torn += 1;
    });
    await new Promise<void>((resolve) => {
      const start = performance.now();
      const step = (): void => {
        if (performance.now() - start > LONG) {
          resolve();
          return;
        }
        chain.probe(false);
        chain.reset();
        queueMicrotask(step);
      };
      step();
    });
    assert.equal(torn, 0);
  });
});
