import type { LoopOptions } from './base-loop.ts';
import { currentStrictRun, setLoopFinder } from './running.ts';
import { LoopRuntimeError } from './errors.ts';
import { EventLoop } from './loop.ts';
import { madeLoops, noteLoop } from './made-loops.ts';
import { turnstile } from './turnstile.ts';

/** @internal Which loops this thread gets. Installed by an environment that keeps a loop running. */
export interface LoopPolicy {
  /** The loop that always runs, made anew if it was closed. */
  persistentLoop(): EventLoop;
  /** What loops of `newEventLoop` get if their caller does not say otherwise. */
  defaults(asked: LoopOptions): LoopOptions;
}

let policy: LoopPolicy | null = null;

/** The loop of `setEventLoop`, or one made on demand; null: set to none; undefined: never asked for. */
let threadLoop: EventLoop | null | undefined;

/** @internal */
export function installPolicy(installed: LoopPolicy): () => void {
  const before = { policy, threadLoop };
  policy = installed;
  threadLoop = undefined;
  return () => {
    if (policy === installed) ({ policy, threadLoop } = before);
  };
}

/** @internal The loop whose callback runs now, or which is inside a run call; null without one. */
export function loopInCharge(): EventLoop | null {
  const occupant = turnstile.occupant;
  // One that closed itself in its callback is in charge of nothing any more.
  if (occupant instanceof EventLoop && !occupant.isClosed()) return occupant;
  return (currentStrictRun()?.loop ?? null) as EventLoop | null;
}

/**
 * The loop that runs now: the one whose callback this code belongs to (exact until the end of its
 * microtasks), else the one that is inside a run call on this thread. In a notebook there is always
 * one: the kernel's.
 *
 * @throws RuntimeError if no loop runs
 *
 * @example
 * const loop = newEventLoop();
 * console.log(await loop.runUntilComplete(async () => getRunningLoop() === loop)); // true
 * loop.close();
 */
export function getRunningLoop(): EventLoop {
  const loop = runningLoop();
  if (loop === null) throw new LoopRuntimeError('no running event loop');
  return loop;
}

/** @internal */
export function runningLoop(): EventLoop | null {
  return loopInCharge() ?? policy?.persistentLoop() ?? null;
}

/**
 * The loop to work with: the running one; else the one of `setEventLoop`; else this thread's default,
 * made at the first call. In a notebook the default is the kernel's loop, which always runs; if it
 * was closed, a fresh one.
 *
 * @throws RuntimeError after `setEventLoop(null)`, outside a notebook
 *
 * @example
 * getEventLoop().callSoon(console.log, 'soon');
 * await sleep(0.01); // soon
 */
export function getEventLoop(): EventLoop {
  const running = loopInCharge();
  if (running !== null) return running;
  if (threadLoop) return threadLoop;
  if (policy !== null) return policy.persistentLoop();
  if (threadLoop === null) {
    throw new LoopRuntimeError(
      'There is no current event loop: it was set to null. Call setEventLoop(newEventLoop()).',
    );
  }
  return (threadLoop = new EventLoop());
}

/**
 * Makes `loop` the one that `getEventLoop()` returns on this thread while none runs. null: none any
 * more; in a notebook, the kernel's again.
 *
 * @throws TypeError if `loop` is neither a loop nor null
 *
 * @example
 * const mine = newEventLoop();
 * setEventLoop(mine);
 * console.log(getEventLoop() === mine); // true
 * setEventLoop(null);
 */
export function setEventLoop(loop: EventLoop | null): void {
  if (loop !== null && !(loop instanceof EventLoop)) {
    throw new TypeError(`setEventLoop() takes an EventLoop or null, not ${typeof loop}`);
  }
  threadLoop = loop;
}

setLoopFinder(() => runningLoop() ?? getEventLoop());

/**
 * Makes a loop that runs only while it is inside a run call. It is nobody's default until it is set.
 *
 * @example
 * const loop = newEventLoop();
 * console.log(await loop.runUntilComplete(() => sleep(0.01, 'slept'))); // slept
 * loop.close();
 */
export function newEventLoop(options: LoopOptions = {}): EventLoop {
  if (policy === null) return new EventLoop(options);
  const loop = new EventLoop({ ...policy.defaults(options), ...options });
  noteLoop(loop);
  return loop;
}

/**
 * @internal The loops of this thread that are not closed: the one that always runs, if there is one, then those that
 * `newEventLoop` has made beside it.
 */
export function openLoops(): EventLoop[] {
  return policy === null ? [] : [policy.persistentLoop(), ...madeLoops()];
}
