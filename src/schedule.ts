import type { Clock } from './clock.ts';
import type { ContextKeeper } from './context.ts';
import { CreationStack } from './creation-stack.ts';
import { current } from './current.ts';
import type { Driver } from './driver.ts';
import { isDelivered } from './delivered.ts';
import { KeyboardInterrupt } from './errors.ts';
import { StepHandle, type Callback, type Handle, type TimerHandle } from './handle.ts';
import { ReadyQueue } from './ready-queue.ts';
import { formatCallback } from './repr.ts';
import { DRAIN, type Pause } from './stepper.ts';
import { TimerQueue } from './timer-queue.ts';
import type { Tracer } from './trace.ts';
import { turnstile } from './turnstile.ts';

/** Takes an error that nothing else took; `message` says where it comes from. */
export type Report = (error: unknown, message: string, handle: Handle | null) => void;

const NO_ARGS: readonly unknown[] = [];

/** What a loop has been asked to call, and the iterations that call it. */
export class Schedule {
  readonly #clock: Clock;
  readonly #driver: Driver;
  readonly #context: ContextKeeper | undefined;
  readonly #report: Report;
  readonly #ready: ReadyQueue<Handle> = new ReadyQueue();
  readonly #timers: TimerQueue = new TimerQueue();
  /** Debug mode: told of each callback how long it took, with its microtasks, in seconds. */
  slowReport: ((handle: Handle, seconds: number) => void) | null = null;
  #stopping = false;
  #interrupt: Error | null = null;
  /** Null while nobody traces. */
  tracer: Tracer | null = null;
  /** Where timers were asked for. Null: nobody wants to know. */
  timerPlaces: WeakMap<Handle, CreationStack> | null = null;

  constructor(clock: Clock, driver: Driver, context: ContextKeeper | undefined, report: Report) {
    this.#clock = clock;
    this.#driver = driver;
    this.#context = context;
    this.#report = report;
  }

  addReady(handle: Handle): void {
    if (this.tracer !== null) this.tracer.scheduled(handle);
    this.#ready.push(handle);
    // A loop waits only while nothing is ready.
    if (this.#ready.length === 1) this.#driver.wake();
  }

  addTimer(timer: TimerHandle): void {
    if (this.tracer !== null) this.tracer.scheduled(timer);
    if (this.timerPlaces !== null) this.timerPlaces.set(timer, new CreationStack(true));
    if (this.#timers.push(timer)) this.#driver.wake();
  }

  /** Makes the iteration that goes on, or else the next one, the last. */
  stop(): void {
    this.#stopping = true;
    this.#driver.wake();
  }

  clearStop(): void {
    this.#stopping = false;
  }

  /** Iterates until stopped. The only place where callbacks are called. Pauses where the host has to go on. */
  *iterate(): Generator<Pause, void, void> {
    let handle: Handle | undefined;
    // Not one generator per iteration: that costs a chain of callbacks a quarter of its time.
    do {
      // Nothing to do: wait for the next deadline, or for the wake of a callSoon, a nearer timer or stop.
      if (this.#ready.length === 0 && !this.#stopping) yield this.#timers.nextDeadline();
      this.#throwInterrupt();

      // Due timers go behind what is ready. The clock is read once: all that is due now is one batch.
      if (this.#timers.size > 0) this.#queueDueTimers(this.#clock.time());

      // Exactly what is ready now; what these callbacks schedule is for the next iteration.
      for (let count = this.#ready.length; count > 0; count--) {
        handle = this.#ready.shift();
        if (handle === undefined || handle._callback === null) continue;
        const begun = this.slowReport === null ? 0 : workTime();
        if (this.tracer === null) this.#call(handle, handle._callback);
        else this.#callTraced(this.tracer, handle, handle._callback);
        yield DRAIN;
        current.task = null;
        if (begun !== 0) this.#noteDuration(handle, workTime() - begun);
        this.#throwInterrupt();
      }
      // A generator that rests keeps what its variables hold: the last handle's task would not be collected.
      handle = undefined;
    } while (!this.#stopping);
  }

  /** Forgets all, and calls none of it. */
  clear(): void {
    this.#ready.clear();
    this.#timers.clear();
  }

  /** Puts in order what a torn call may have left half done. */
  repair(): void {
    // The ready queue has no state in which it can be torn: it is never changed in two steps.
    this.#timers.repair();
  }

  /** Ends the iterations with this error, once the step that goes on is over. */
  raise(interrupt: Error): void {
    this.#interrupt = interrupt;
    this.#driver.wake();
  }

  /** All handles that have not been called yet, in no particular order. */
  pending(): Handle[] {
    return [...this.#ready, ...this.#timers];
  }

  #queueDueTimers(now: number): void {
    const limit = now + this.#clock.resolution;
    for (let due = this.#timers.popDue(limit); due !== undefined; due = this.#timers.popDue(limit)) {
      this.#ready.push(due);
    }
  }

  /** The real clock, also in virtual time; in the context of the handle, as its errors. */
  #noteDuration(handle: Handle, seconds: number): void {
    const report = (): void => this.slowReport?.(handle, seconds);
    if (this.#context === undefined) report();
    else this.#context.run(handle._context, report, []);
  }

  #throwInterrupt(): void {
    const interrupt = this.#interrupt;
    if (interrupt === null) return;
    this.#interrupt = null;
    throw interrupt;
  }

  #callTraced(tracer: Tracer, handle: Handle, callback: Callback): void {
    tracer.began(handle);
    try {
      this.#call(handle, callback);
    } finally {
      tracer.returned();
    }
  }

  #call(handle: Handle, callback: Callback): void {
    // Kept for a report: the callback may cancel its own handle, which then forgets them.
    const isStep = handle instanceof StepHandle;
    const args = isStep ? NO_ARGS : handle._args;
    current.task = handle._task;
    try {
      const result =
        this.#context === undefined
          ? isStep
            ? (callback as (subject: unknown) => unknown)(handle._subject)
            : callWith(callback as (...args: readonly unknown[]) => unknown, args)
          : this.#context.run(handle._context, callback, isStep ? [handle._subject] : args);
      if (result instanceof Promise) {
        result.then(undefined, (error: unknown) => this.#reportCall(error, handle, callback, args));
      }
    } catch (error) {
      if (error instanceof KeyboardInterrupt) throw error;
      this.#reportCall(error, handle, callback, args);
    }
  }

  /** Reports in the context of the handle, so that the report goes where its output would have gone. */
  #reportCall(error: unknown, handle: Handle, callback: Callback, args: readonly unknown[]): void {
    if (this.tracer !== null) this.tracer.failed();
    if (isDelivered(error)) return;
    const message = `Exception in callback ${formatCallback(callback, args)}`;
    const report = (): void => this.#report(error, message, handle);
    if (this.#context === undefined) report();
    else this.#context.run(handle._context, report, []);
  }
}

/** Few arguments are the rule, and spreading them costs as much as the call. */
function callWith(callback: (...args: readonly unknown[]) => unknown, args: readonly unknown[]): unknown {
  if (args.length === 0) return callback();
  if (args.length === 1) return callback(args[0]);
  return callback(...args);
}

/** Real time in seconds, without the turns that the host took between callbacks. */
function workTime(): number {
  return (performance.now() - turnstile.hostTime) / 1000;
}
