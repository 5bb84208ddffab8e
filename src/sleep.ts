import { monotonicClock } from './clock.ts';
import { currentStrictRun, type EventLoop } from './loop.ts';
import { getEventLoop, loopInCharge, runningLoop } from './policy.ts';
import { endSleep, wakeSleeper, type Sleeper } from './sleeper.ts';

/**
 * Waits for `delay` seconds of the running loop's time; then resolves to `result`. With zero or less
 * it waits for exactly one iteration, which lets everything that is ready run first.
 *
 * Before a loop runs, as in the first part of `main` in `await loop.runUntilComplete(main(loop))`, the
 * sleep belongs to the loop whose run call follows at once; without one, to `getEventLoop()`, and it
 * lasts until that loop is run. The time counts from the call.
 *
 * Rejects with a TypeError if `delay` is not a number, with a RuntimeError if its loop is closed.
 *
 * @example await sleep(0.1);
 */
export function sleep(delay: number): Promise<void>;
export function sleep<T>(delay: number, result: T): Promise<T>;
export function sleep(delay: number, result?: unknown): Promise<unknown> {
  if (typeof delay !== 'number' || Number.isNaN(delay)) {
    return Promise.reject(new TypeError(`sleep() takes a number of seconds, not ${String(delay)}`));
  }
  return new Promise((resolve, reject) => {
    const sleeper: Sleeper = { resolve: () => resolve(result), reject };
    const loop = loopInCharge();
    if (loop !== null && (loop._isStrict || currentStrictRun() !== null)) {
      schedule(loop, loop.time(), delay, sleeper);
      return;
    }
    // The run call that this sleep is for may follow at once: it has been made by the next microtask.
    const calledAt = monotonicClock.time();
    queueMicrotask(() => {
      try {
        const later = currentStrictRun()?.loop ?? loop ?? runningLoop() ?? getEventLoop();
        schedule(later, later._clock === monotonicClock ? calledAt : later.time(), delay, sleeper);
      } catch (error) {
        reject(error);
      }
    });
  });
}

function schedule(loop: EventLoop, from: number, delay: number, sleeper: Sleeper): void {
  if (delay <= 0) loop.callSoon(wakeSleeper, sleeper);
  else loop.callAt(from + delay, endSleep, sleeper, loop);
}
