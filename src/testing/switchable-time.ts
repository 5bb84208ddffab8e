/** Loops that go from real to virtual time and back while they live: a notebook's, for `%%virtual`. */
import type { BaseLoop } from '../base-loop.ts';
import { monotonicClock, type Clock } from '../clock.ts';
import type { Driver } from '../driver.ts';
import type { Step } from '../turnstile.ts';
import { HostWatch } from './host-work.ts';
import { VirtualClock } from './virtual-clock.ts';
import { VirtualDriver } from './virtual-driver.ts';

type OnFailure = (loop: BaseLoop, error: Error) => void;

/** Whether the time of some loops is virtual now. */
export class TimeMode {
  /** How often it has changed. */
  changes = 0;
  /** The real time (seconds) of the last change. */
  changedAt = 0;
  /** What Node had open when the time became virtual. */
  watch: HostWatch | undefined;
  #onFailure: OnFailure | null = null;
  readonly #waiting: Set<Driver> = new Set();

  get isVirtual(): boolean {
    return this.#onFailure !== null;
  }

  /** `onFailure` is told of a loop that cannot go on, if it is none whose run the error ends by itself. */
  goVirtual(onFailure: OnFailure): void {
    this.#change(onFailure);
  }

  goReal(): void {
    if (this.isVirtual) this.#change(null);
  }

  /** @internal */
  fail(loop: BaseLoop, error: Error): void {
    this.#onFailure?.(loop, error);
  }

  /** @internal A driver that waits has to look at the time anew after a change. */
  noteWaiting(driver: Driver, isWaiting: boolean): void {
    if (isWaiting) this.#waiting.add(driver);
    else this.#waiting.delete(driver);
  }

  #change(onFailure: OnFailure | null): void {
    // While they still are what they were: their next step asks for the time anew.
    for (const driver of this.#waiting) driver.wake();
    this.watch = onFailure === null ? undefined : new HostWatch(true);
    this.#onFailure = onFailure;
    this.changes++;
    this.changedAt = monotonicClock.time();
  }
}

/**
 * The clock of one loop. It never goes back: what was skipped in virtual time stays skipped, so that
 * timers that are left keep their distance.
 */
export class SwitchableClock implements Clock {
  readonly resolution: number = monotonicClock.resolution;
  readonly mode: TimeMode;
  #changes = 0;
  /** How far it is ahead of the real clock. */
  #ahead = 0;
  #virtual: VirtualClock | null = null;

  constructor(mode: TimeMode) {
    this.mode = mode;
  }

  time(): number {
    this.#follow();
    return this.#virtual === null ? monotonicClock.time() + this.#ahead : this.#virtual.time();
  }

  /** Null while the time is real. */
  get virtual(): VirtualClock | null {
    this.#follow();
    return this.#virtual;
  }

  #follow(): void {
    if (this.mode.changes === this.#changes) return;
    const at = this.mode.changedAt;
    this.#changes = this.mode.changes;
    const now = this.#virtual === null ? at + this.#ahead : this.#virtual.time();
    this.#ahead = now - at;
    this.#virtual = this.mode.isVirtual ? new VirtualClock(now) : null;
  }
}

/** The driver that belongs to such a clock. */
export class SwitchableDriver implements Driver {
  readonly #clock: SwitchableClock;
  readonly #isStrict: boolean;
  readonly #real: Driver;
  #virtual: VirtualDriver | null = null;
  #virtualClock: VirtualClock | null = null;
  #foreignWork = 0;

  /**
   * A strict loop keeps the process alive while it waits, and its run ends with an error such as a deadlock;
   * for one that is not, `onFailure` of the mode is told. `real` is what it runs on in real time.
   */
  constructor(clock: SwitchableClock, isStrict: boolean, real: Driver) {
    this.#clock = clock;
    this.#isStrict = isStrict;
    this.#real = real;
  }

  resume(step: Step, until: number): void {
    if (until === -Infinity) {
      this.#real.resume(step, until);
      return;
    }
    this.#clock.mode.noteWaiting(this, true);
    this.#now().resume(step, until);
  }

  wake(): void {
    this.#clock.mode.noteWaiting(this, false);
    this.#now().wake();
  }

  abandon(): void {
    this.#clock.mode.noteWaiting(this, false);
    this.#real.abandon();
    this.#virtual?.abandon();
  }

  foreignWork(count: number): void {
    this.#foreignWork = count;
    this.#virtual?.foreignWork(count);
  }

  #now(): Driver {
    const clock = this.#clock.virtual;
    if (clock === null) return this.#real;
    if (this.#virtual === null || this.#virtualClock !== clock) {
      const { mode } = this.#clock;
      const onFailure: OnFailure | undefined = this.#isStrict
        ? undefined
        : (loop, error) => mode.fail(loop, error);
      this.#virtual = new VirtualDriver(clock, { watchHost: true, watch: mode.watch, onFailure });
      this.#virtualClock = clock;
      this.#virtual.foreignWork(this.#foreignWork);
    }
    return this.#virtual;
  }
}
