import { inspect } from 'node:util';
import {
  awaitableError,
  callAndFollow,
  follow,
  isThenable,
  type Awaitable,
  type Outcome,
  type Settled,
} from './awaitable.ts';
import { monotonicClock, type Clock } from './clock.ts';
import type { ContextKeeper } from './context.ts';
import { NodeDriver, type Driver } from './driver.ts';
import { LoopRuntimeError } from './errors.ts';
import { Handle, TimerHandle } from './handle.ts';
import { callerPlace, formatCallback, formatValue, inspectAsText } from './repr.ts';
import { isDelivered, Schedule, type Report } from './schedule.ts';
import { Stepper } from './stepper.ts';
import { Tracer, type Trace, type TraceOptions } from './trace.ts';

/** What is known about an error that a callback left uncaught. */
export interface CallbackErrorContext {
  /** `Exception in callback name(arguments)` */
  readonly message: string;
  /** Null for an error of what a run waited for, which came after that run had ended. */
  readonly handle: Handle | null;
  readonly loop: EventLoop;
}

export interface LoopOptions {
  /** Default: the system's monotonic clock. */
  readonly clock?: Clock;
  /** Makes what the loop runs on. Default: Node's own timers and ticks. */
  readonly driver?: (clock: Clock) => Driver;
  /** Carries a context from scheduling to call. Default: none. */
  readonly context?: ContextKeeper;
  /** Is told of errors that callbacks leave uncaught. Default: console.error. */
  readonly onCallbackError?: (error: unknown, context: CallbackErrorContext) => void;
  /** As `setDebug(true)` from the start. */
  readonly debug?: boolean;
}

/** The run of a strict loop that goes on now; at most one per thread. */
export interface StrictRun {
  readonly loop: EventLoop;
  /** See PersistentLoop.interrupt and PersistentLoop.recover. */
  interrupt(owner: unknown, error: Error): number;
  recover(): void;
}
let strictRun: StrictRun | null = null;

/** @internal The strict loop that is inside a run call on this thread. */
export function currentStrictRun(): StrictRun | null {
  return strictRun;
}

/**
 * An event loop as asyncio's: calls callbacks one after the other, in the order in which they were
 * scheduled or at the time that was asked for, while it is being run and at no other time. All times
 * are seconds. Between two callbacks all microtasks run, so what an async function does between two
 * waits is never mixed with another callback.
 *
 * @example
 * const loop = newEventLoop();
 * loop.callSoon(console.log, 'first');
 * loop.callLater(0.1, () => loop.stop());
 * await loop.runForever();
 * loop.close();
 */
export class EventLoop {
  static {
    inspectAsText(this);
  }

  /** @internal */
  readonly _clock: Clock;
  readonly #driver: Driver;
  readonly #context: ContextKeeper | undefined;
  readonly #onCallbackError: (error: unknown, context: CallbackErrorContext) => void;
  readonly #schedule: Schedule;
  #stepper: Stepper | null = null;
  #closed = false;
  #debug: boolean;

  /** @internal False for a kind of loop that runs without being inside a run call. */
  get _isStrict(): boolean {
    return true;
  }

  constructor(options: LoopOptions = {}) {
    this._clock = options.clock ?? monotonicClock;
    this.#driver = options.driver?.(this._clock) ?? new NodeDriver(this._clock, true);
    this.#context = options.context;
    this.#onCallbackError = options.onCallbackError ?? reportOnConsole;
    const report: Report = (...parts) => this.report(...parts);
    this.#schedule = new Schedule(this._clock, this.#driver, this.#context, report);
    this.#debug = options.debug ?? false;
  }

  // ---- Scheduling ----

  /**
   * Calls `callback(...args)` in the next iteration, after all that was scheduled before it. Never
   * calls it inside `callSoon` itself.
   *
   * @throws RuntimeError if the loop is closed; TypeError if `callback` is not a function, or, in debug
   * mode, if it is an async function (start it with `runUntilComplete`, or wrap it: `() => void f()`)
   */
  callSoon<A extends readonly unknown[]>(callback: (...args: A) => unknown, ...args: A): Handle {
    this.#checkCall('callSoon', callback);
    const handle = new Handle(callback, args, this.captureContext(), this.#place());
    this.#schedule.addReady(handle);
    return handle;
  }

  /**
   * As `callSoon`; wakes the loop if it waits. (A loop belongs to one thread; calls from other worker
   * threads are not possible yet.)
   */
  callSoonThreadsafe<A extends readonly unknown[]>(callback: (...args: A) => unknown, ...args: A): Handle {
    return this.callSoon(callback, ...args);
  }

  /**
   * Calls `callback(...args)` after `delay` seconds; with zero or less in the next iteration. Never
   * early. Equal deadlines are met in the order in which they were scheduled.
   *
   * @throws TypeError if `delay` is not a number; else as `callSoon`
   */
  callLater<A extends readonly unknown[]>(
    delay: number,
    callback: (...args: A) => unknown,
    ...args: A
  ): TimerHandle {
    checkSeconds('delay', delay);
    const timer = this.callAt(this.time() + delay, callback, ...args);
    this.#schedule.tracer?.later(timer);
    return timer;
  }

  /**
   * Calls `callback(...args)` at the loop time `when`, in seconds of `time()`; otherwise as `callLater`.
   *
   * @throws TypeError if `when` is not a number; else as `callSoon`
   */
  callAt<A extends readonly unknown[]>(
    when: number,
    callback: (...args: A) => unknown,
    ...args: A
  ): TimerHandle {
    checkSeconds('when', when);
    this.#checkCall('callAt', callback);
    const timer = new TimerHandle(when, callback, args, this.captureContext(), this.#place());
    this.#schedule.addTimer(timer);
    return timer;
  }

  /** Seconds on the loop's monotonic clock, from an arbitrary start: not the time of day. */
  time(): number {
    return this._clock.time();
  }

  // ---- Running ----

  /**
   * Runs the loop until `stop()`. Resolves when it has stopped.
   *
   * As all run calls it reports its errors by rejecting its promise, with a RuntimeError if the loop is
   * closed, if it runs already, or if another loop runs on this thread; with a KeyboardInterrupt that a
   * callback threw.
   */
  runForever(): Promise<void> {
    const refusal = this.#refusal();
    if (refusal !== null) return Promise.reject(refusal);
    return new Promise((resolve, reject) => {
      this.#run((error) => (error === undefined ? resolve() : reject(error)));
    });
  }

  /**
   * Runs the loop until `awaitable` is done; resolves to its value, or rejects with its very error.
   * A function is called by the loop, as its next callback; the code of a promise has started already.
   *
   * @example await loop.runUntilComplete(main(loop));
   *
   * Rejects with a TypeError if `awaitable` is neither promise nor function, with a RuntimeError if
   * the loop is stopped before it is done (it stays pending and may be given to another run), and as
   * `runForever`.
   */
  runUntilComplete<T>(awaitable: Awaitable<T>): Promise<T> {
    const refusal = this.#refusal() ?? awaitableError(awaitable);
    if (refusal !== null) return Promise.reject(refusal);
    return new Promise<T>((resolve, reject) => {
      let outcome: Outcome<T> | null = null;
      let stopper: Handle | null = null;
      let over = false;
      this.startAwaitable(awaitable, (result, isLatest) => {
        outcome = result;
        if (over && isLatest) this.reportLate(awaitable, result);
        else if (over) return;
        else stopper = this.callSoon(() => this.stop());
      });
      this.#run((error) => {
        over = true;
        // Left in the queue it would stop a later run.
        stopper?.cancel();
        if (error !== undefined) reject(error);
        else if (outcome === null) reject(new LoopRuntimeError(STOPPED_TOO_EARLY));
        else if (outcome.ok) resolve(outcome.value);
        else reject(outcome.error);
      });
    });
  }

  /**
   * Ends the run: the iteration in progress is finished, what its callbacks have scheduled stays for
   * the next run. Before a run it makes that run end after one iteration. On a closed loop, harmless.
   */
  stop(): void {
    this.#schedule.stop();
  }

  /**
   * Drops all that is scheduled, without calling it. Closing twice is harmless.
   *
   * @throws RuntimeError while the loop runs
   */
  close(): void {
    if (this.isRunning()) {
      throw new LoopRuntimeError(
        'Cannot close a running event loop: stop it first, and close it after the run.',
      );
    }
    this.dropAll();
  }

  /** True from a run call until that run has ended. */
  isRunning(): boolean {
    return this.#stepper !== null;
  }

  isClosed(): boolean {
    return this.#closed;
  }

  // ---- Debug mode ----

  /** Whether handles note where they were made, and callbacks are checked more strictly. */
  getDebug(): boolean {
    return this.#debug;
  }

  /** Takes effect for later calls. */
  setDebug(enabled: boolean): void {
    this.#debug = enabled;
  }

  /**
   * Begins to record what the loop is asked to call and what becomes of it, until the trace's `stop()`.
   * Several traces may be taken at once. A loop that is not traced pays next to nothing.
   *
   * @example
   * const trace = loop.trace({ places: true });
   * await loop.runUntilComplete(main);
   * const late = trace.stop().filter(({ started, due }) => started! - due! > 0.01);
   */
  trace(options: TraceOptions = {}): Trace {
    const tracer = (this.#schedule.tracer ??= new Tracer());
    return tracer.start(this._clock, options, () => (this.#schedule.tracer = null));
  }

  toString(): string {
    const state = `running=${this.isRunning()} closed=${this.isClosed()} debug=${this.getDebug()}`;
    return `<${this.constructor.name} ${state}>`;
  }

  // ---- Runs of a strict loop ----

  #refusal(): Error | null {
    if (this.#closed) return new LoopRuntimeError(CLOSED);
    if (this.isRunning()) {
      return new LoopRuntimeError('This event loop is already running: its run calls cannot be nested.');
    }
    if (strictRun !== null) {
      return new LoopRuntimeError('Cannot run the event loop while another loop is running on this thread.');
    }
    return null;
  }

  #run(end: (error: unknown) => void): void {
    const owner = this.captureContext();
    const leave = (error: unknown): void => {
      this.stopDriving();
      this.#schedule.clearStop();
      strictRun = null;
      end(error);
    };
    strictRun = {
      loop: this,
      interrupt: (interruptedOwner, error) => {
        const sleeps = this.interruptSleeps(interruptedOwner, error);
        if (interruptedOwner !== owner) return sleeps;
        leave(error);
        return sleeps + 1;
      },
      recover: () => {
        this.repair();
        this.drive(leave);
      },
    };
    this.drive(leave);
  }

  // ---- For kinds of loops that are run in another way ----

  /** @internal Iterates until stopped, or until an interrupt; then calls `end`, with the interrupt. */
  protected drive(end: (error: unknown) => void): void {
    this.#stepper?.abandon();
    this.#stepper = new Stepper(this, this.#schedule.iterate(), this.#driver, end);
    this.#stepper.start();
  }

  /** @internal */
  protected stopDriving(): void {
    this.#stepper?.abandon();
    this.#stepper = null;
  }

  /** @internal Closes the loop. */
  protected dropAll(): void {
    this.#closed = true;
    this.#schedule.clear();
  }

  /** @internal */
  protected captureContext(): unknown {
    return this.#context?.capture();
  }

  /**
   * @internal A run that ended early has promised to take the errors of what it waited for: one that
   * comes later is reported, unless another run has begun to wait for it.
   */
  protected reportLate(awaitable: Awaitable<unknown>, outcome: Outcome<unknown>): void {
    if (outcome.ok || isDelivered(outcome.error)) return;
    const name = typeof awaitable === 'function' ? formatCallback(awaitable, []) : 'a promise';
    this.report(outcome.error, `Exception in ${name}, after the run that waited for it had ended`, null);
  }

  /** @internal Calls a function from the loop, and follows what it returns, or what was given. */
  protected startAwaitable<T>(awaitable: Awaitable<T>, settled: Settled<T>): void {
    if (isThenable(awaitable)) follow(awaitable, settled);
    else this.callSoon(() => callAndFollow(awaitable, settled));
  }

  /** @internal Puts in order what a torn call may have left half done. */
  protected repair(): void {
    this.#schedule.repair();
  }

  /** @internal Rejects the sleeps that were begun in this context; returns their number. */
  protected interruptSleeps(owner: unknown, error: Error): number {
    return this.#schedule.rejectSleeps(error, (context) => context === owner);
  }

  /** @internal Rejects all sleeps. */
  protected rejectSleeps(error: Error): void {
    this.#schedule.rejectSleeps(error, () => true);
  }

  /** @internal */
  protected report(error: unknown, message: string, handle: Handle | null): void {
    try {
      this.#onCallbackError(error, { message, handle, loop: this });
    } catch (failure) {
      console.error(
        'The handler of callback errors has failed itself:',
        failure,
        '\nIt was called for:',
        error,
      );
    }
  }

  // ---- Checks ----

  #checkCall(method: string, callback: unknown): void {
    if (this.#closed) throw new LoopRuntimeError(CLOSED);
    if (typeof callback !== 'function') {
      const hint = isThenable(callback) ? ' (its code has started already; await it instead)' : '';
      throw new TypeError(`${method}() takes a function as callback, not ${formatValue(callback)}${hint}`);
    }
    if (this.#debug && Object.prototype.toString.call(callback) === '[object AsyncFunction]') {
      throw new TypeError(
        `${method}() takes no async function (${callback.name || 'anonymous'}): nobody would wait for its promise`,
      );
    }
  }

  #place(): string | null {
    return this.#debug ? callerPlace() : null;
  }
}

// Python's words.
export const CLOSED = 'Event loop is closed';
export const STOPPED_TOO_EARLY = 'Event loop stopped before Future completed.';

function checkSeconds(name: string, value: unknown): void {
  if (typeof value === 'number' && !Number.isNaN(value)) return;
  throw new TypeError(`${name} must be a number of seconds, not ${formatValue(value)}`);
}

function reportOnConsole(error: unknown, { message }: CallbackErrorContext): void {
  console.error(`${message}\n${error instanceof Error ? (error.stack ?? String(error)) : inspect(error)}`);
}
