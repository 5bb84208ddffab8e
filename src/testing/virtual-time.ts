import { VirtualClock } from './virtual-clock.ts';
import { VirtualDriver, type VirtualDriverOptions } from './virtual-driver.ts';

export { VirtualClock, VirtualDriver, type VirtualDriverOptions };

export interface VirtualTimeOptions extends VirtualDriverOptions {
  /** What the clock shows at first, in seconds. Default: 0. */
  readonly start?: number | undefined;
}

/** The loop options of `virtualTime()`, and the time itself. For one loop at a time. */
export interface VirtualTime {
  readonly clock: VirtualClock;
  readonly driver: () => VirtualDriver;
  /** Tasks note where they were made, for the message of a deadlock. */
  readonly taskPlaces: true;
  /**
   * Lets `seconds` pass: runs what is due until then, one deadline after the other, with `time()` at each
   * being that deadline, and resolves when the clock has come to the end. The loop must be inside a run
   * call for that; otherwise the clock alone moves.
   *
   * Rejects with a ValueError for negative seconds, with a TypeError for what is no number, with a
   * RuntimeError if another `advance` is under way, or if timers follow each other endlessly without the
   * time moving.
   *
   * @example
   * import { newEventLoop, sleep } from 'tsloop';
   * import { virtualTime } from 'tsloop/testing';
   *
   * const time = virtualTime({ autojump: false });
   * const loop = newEventLoop(time);
   * const run = loop.runUntilComplete(() => sleep(10, 'done'));
   * await time.advance(9);
   * console.log(loop.time()); // 9
   * await time.advance(1);
   * console.log(await run); // done
   */
  advance(seconds: number): Promise<void>;
}

/**
 * Loop options for virtual time: hours of timers run in no time, with the same order each time.
 *
 * As soon as nothing is ready the clock jumps to the next deadline. It does not while foreign work is
 * pending, that is what was given to `fromPromise` or `runInExecutor`; work that takes longer than 20 ms
 * lets the time pass as it really does. Without a deadline and foreign work the run ends with a
 * DeadlockError, which names the tasks that wait. Date, setTimeout and performance stay real.
 *
 * @example
 * import { newEventLoop, sleep } from 'tsloop';
 * import { virtualTime } from 'tsloop/testing';
 *
 * const loop = newEventLoop(virtualTime());
 * await loop.runUntilComplete(() => sleep(3600)); // returns at once
 * console.log(loop.time()); // 3600
 */
export function virtualTime(options: VirtualTimeOptions = {}): VirtualTime {
  const clock = new VirtualClock(options.start);
  let driver: VirtualDriver | null = null;
  const driverOfLoop = (): VirtualDriver => (driver ??= new VirtualDriver(clock, options));
  return {
    clock,
    driver: driverOfLoop,
    taskPlaces: true,
    advance: (seconds) => driverOfLoop().advance(seconds),
  };
}
