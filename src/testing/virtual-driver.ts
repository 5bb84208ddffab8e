import type { BaseLoop } from '../base-loop.ts';
import type { Driver } from '../driver.ts';
import { LoopRuntimeError, ValueError } from '../errors.ts';
import { allTasks } from '../tasks.ts';
import { turnstile, type Step } from '../turnstile.ts';
import { deadlockOf } from './deadlock.ts';
import { HostWatch } from './host-work.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** So many timers in a row that never let the time move on are taken for an endless chain. */
const MOST_WITHOUT_TIME = 100_000;

/**
 * Foreign work that takes longer than this (seconds of real time) makes the virtual time flow as the
 * real one does; what is shorter takes no time at all, so that it changes nothing in a trace.
 */
const PATIENCE = 0.02;

/** How often (ms) foreign work is looked at. */
const POLL_MS = 5;

/**
 * How long (seconds of real time) a standstill lasts before it counts as a deadlock, if a task waits for a
 * promise that is not of the loop: a worker thread or the thread pool may be at work, which nobody sees.
 */
const DOUBT = 1;

/** Turns of the host that may still bring something, when all seems to stand still. */
const LAST_TURNS = 2;

export interface VirtualDriverOptions {
  /** False: the time moves by `advance` only. Default: true. */
  readonly autojump?: boolean | undefined;
  /**
   * True: what Node itself has open, its timers too, counts as foreign work before every jump. Costs some
   * microseconds a jump. False: before a deadlock is declared only, and timers, of which a test runner may
   * have some, do not count. Default: false.
   */
  readonly watchHost?: boolean | undefined;
  /** @internal What Node had open at first, if that was noted before. */
  readonly watch?: HostWatch | undefined;
  /** Told why it cannot go on, by a deadlock for example. Default: the run, or the waits on the loop, get the error. */
  readonly onFailure?: ((loop: BaseLoop, error: Error) => void) | undefined;
}

const { setTimeout, clearTimeout, setImmediate, clearImmediate } = globalThis;

interface Advance {
  readonly target: number;
  resolve(): void;
  reject(error: Error): void;
}

/**
 * Runs a loop in virtual time; see `virtualTime`.
 *
 * @example
 * const clock = new VirtualClock();
 * const loop = newEventLoop({ clock, driver: () => new VirtualDriver(clock) });
 * await loop.runUntilComplete(() => sleep(3600));
 * console.log(clock.time()); // 3600
 * loop.close();
 */
export class VirtualDriver implements Driver {
  readonly #clock: VirtualClock;
  readonly #options: VirtualDriverOptions;
  readonly #isAutomatic: boolean;
  readonly #watch: HostWatch;
  #waiting: Step | null = null;
  #until = Infinity;
  #isRun = false;
  #advance: Advance | null = null;
  #withoutTime = 0;
  #foreignWork = 0;
  #immediate: NodeJS.Immediate | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** Since when (ms of `performance.now`) foreign work has been seen, or doubts have been had. */
  #since = 0;
  #turns = 0;

  constructor(clock: VirtualClock, options: VirtualDriverOptions = {}) {
    this.#clock = clock;
    this.#options = options;
    this.#isAutomatic = options.autojump !== false;
    this.#watch = options.watch ?? new HostWatch(options.watchHost === true);
  }

  resume(step: Step, until: number): void {
    this.#isRun = true;
    if (until === -Infinity) {
      turnstile.enter(step);
      return;
    }
    // What is due already waits for nothing.
    const isDue = until <= this.#clock.time();
    const isMoving = this.#isAutomatic || this.#advance !== null;
    const mayJump =
      this.#isAutomatic &&
      this.#advance === null &&
      this.#options.watchHost !== true &&
      this.#foreignWork === 0;
    if (until < Infinity && (isDue ? isMoving : mayJump)) {
      if (isDue) this.#withoutTime++;
      else {
        this.#withoutTime = 0;
        this.#clock.jumpTo(until);
      }
      if (this.#withoutTime <= MOST_WITHOUT_TIME) {
        turnstile.enter(step);
        return;
      }
    }
    this.#waiting = step;
    this.#until = until;
    this.#turns = 0;
    this.#since = 0;
    this.#lookSoon();
  }

  wake(): void {
    const step = this.#leaveWait();
    if (step !== null) turnstile.enter(step);
  }

  abandon(): void {
    this.#isRun = false;
    this.#leaveWait();
    const advance = this.#advance;
    this.#advance = null;
    if (advance === null) return;
    // The run has ended on the way: the rest of the time passes without it.
    this.#clock.jumpTo(advance.target);
    advance.resolve();
  }

  foreignWork(count: number): void {
    this.#foreignWork = count;
  }

  /** See `VirtualTime.advance`. */
  advance(seconds: number): Promise<void> {
    if (typeof seconds !== 'number' || Number.isNaN(seconds)) {
      return Promise.reject(new TypeError(`advance() takes a number of seconds, not ${String(seconds)}`));
    }
    if (seconds < 0) return Promise.reject(new ValueError(`advance() cannot go back in time (${seconds} s)`));
    if (this.#advance !== null) {
      return Promise.reject(new LoopRuntimeError('advance() is under way already: await it first.'));
    }
    const target = this.#clock.time() + seconds;
    return new Promise((resolve, reject) => {
      this.#advance = { target, resolve, reject };
      if (!this.#isRun) setImmediate(() => this.#endIfNobodyRuns());
      else if (this.#waiting !== null) this.#lookSoon();
    });
  }

  // ---- Waits ----

  /** A loop that is not run never comes to ask for the time. */
  #endIfNobodyRuns(): void {
    if (this.#advance !== null && !this.#isRun) this.abandon();
  }

  #leaveWait(): Step | null {
    const step = this.#waiting;
    this.#waiting = null;
    clearImmediate(this.#immediate);
    clearTimeout(this.#timer);
    if (this.#clock.isFlowing) this.#clock.freeze();
    return step;
  }

  /** In a turn of the host of its own, in which no timer of ours is open. */
  #lookSoon(): void {
    clearImmediate(this.#immediate);
    clearTimeout(this.#timer);
    this.#immediate = setImmediate(this.#look);
  }

  #lookLater(): void {
    const untilDue = this.#clock.isFlowing ? (this.#until - this.#clock.time()) * 1000 : POLL_MS;
    this.#timer = setTimeout(() => this.#lookSoon(), Math.max(1, Math.min(POLL_MS, Math.ceil(untilDue))));
  }

  readonly #look = (): void => {
    const step = this.#waiting;
    if (step === null) return;
    const loop = loopOf(step);
    if (this.#clock.isFlowing && this.#clock.time() >= this.#until) {
      this.wake();
    } else if (this.#isForeignWorkPending()) {
      // Which may be what the timers wait for that never let the time move.
      this.#withoutTime = 0;
      if (this.#since === 0) this.#since = performance.now();
      if (performance.now() - this.#since >= PATIENCE * 1000) this.#clock.flow();
      this.#lookLater();
    } else {
      if (this.#clock.isFlowing) this.#clock.freeze();
      this.#goOn(loop);
    }
  };

  #isForeignWorkPending(): boolean {
    if (this.#foreignWork > 0) return true;
    if (this.#until < Infinity && this.#options.watchHost !== true) return false;
    return this.#watch.isBusy();
  }

  /** Nothing is ready, and no foreign work is pending. */
  #goOn(loop: BaseLoop): void {
    const advance = this.#advance;
    const limit = advance !== null ? advance.target : this.#isAutomatic ? Infinity : -Infinity;
    if (this.#until < Infinity && this.#until <= limit) this.#jump();
    else if (advance !== null) {
      this.#advance = null;
      this.#clock.jumpTo(advance.target);
      advance.resolve();
      // Who has waited for it may have something to say before the time moves on by itself.
      if (this.#isAutomatic) this.#lookSoon();
    } else if (this.#isAutomatic && loop._isAwaited()) this.#considerDeadlock(loop);
  }

  #jump(): void {
    if (this.#until > this.#clock.time()) {
      this.#withoutTime = 0;
      this.#clock.jumpTo(this.#until);
    } else if (++this.#withoutTime > MOST_WITHOUT_TIME) {
      this.#withoutTime = 0;
      this.#fail(
        new LoopRuntimeError(
          `Virtual time does not move: ${MOST_WITHOUT_TIME} timers in a row were due at ${this.#clock.time()} s ` +
            'already. Give a timer that schedules itself again a delay above zero.',
        ),
      );
    }
    this.wake();
  }

  #considerDeadlock(loop: BaseLoop): void {
    if (this.#turns++ < LAST_TURNS) {
      this.#lookSoon();
      return;
    }
    if (this.#since === 0) this.#since = performance.now();
    const isDoubtful = [...allTasks(loop)].some((task) => task._waitedFor().length === 0);
    if (isDoubtful && performance.now() - this.#since < DOUBT * 1000) this.#lookLater();
    else this.#fail(deadlockOf(loop));
  }

  #fail(error: Error): void {
    const step = this.#waiting;
    const advance = this.#advance;
    this.#advance = null;
    advance?.reject(error);
    if (step === null) return;
    if (this.#options.onFailure !== undefined) this.#options.onFailure(loopOf(step), error);
    else loopOf(step)._raise(error);
  }
}

/** Only loops take steps through a driver. */
function loopOf(step: Step): BaseLoop {
  return step.owner as BaseLoop;
}
