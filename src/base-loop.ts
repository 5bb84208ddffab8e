/**
 * Callbacks, timers, state, debug mode, traces and errors of a loop, each in a section of its own; futures and tasks are
 * added in loop.ts.
 */
import type { MessagePort } from 'node:worker_threads';
import { monotonicClock, type Clock } from './clock.ts';
import type { ContextKeeper } from './context.ts';
import { CreationStack, type Site } from './creation-stack.ts';
import type { RootWait, Stepping } from './current.ts';
import { NodeDriver, type Driver } from './driver.ts';
import { PreciseDriver } from './precise-driver.ts';
import { LoopRuntimeError } from './errors.ts';
import { ExceptionReports, type ExceptionContext, type ExceptionHandler } from './exception-handler.ts';
import { Handle, StepHandle, TimerHandle } from './handle.ts';
import { formatValue, inspectAsText } from './repr.ts';
import { Schedule, type Report } from './schedule.ts';
import { Stepper } from './stepper.ts';
import { Tracer, type Trace, type TracedTask, type TraceOptions } from './trace.ts';
import { TaskRegistry } from './task-registry.ts';
import { openPort } from './threadsafe.ts';

export interface LoopOptions {
  /** Default: the system's monotonic clock. */
  readonly clock?: Clock;
  /** Makes what the loop runs on. Default: Node's own timers and ticks. */
  readonly driver?: (clock: Clock) => Driver;
  /**
   * 'high': timers are late by some hundredths of a millisecond instead of about half of one; for that the
   * thread blocks for up to 2 ms before each, and the host's I/O waits. Default: 'normal'. Not with a
   * `driver` of one's own.
   */
  readonly timerPrecision?: 'normal' | 'high';
  /** Carries a context from scheduling to call. Default: none. */
  readonly context?: ContextKeeper;
  /** As `setExceptionHandler` from the start. Default: console.error. */
  readonly exceptionHandler?: ExceptionHandler;
  /** As `setDebug` from the start. Default: on if the environment variable TSLOOP_DEBUG is 1. */
  readonly debug?: boolean;
  /** Notes where tasks were made, for messages about deadlocks, also without debug mode. Default: false. */
  readonly taskPlaces?: boolean;
}

/**
 * What a loop is without futures and tasks: it calls callbacks, one after the other, in the order in
 * which they were scheduled or at the time that was asked for. See `EventLoop`.
 */
export abstract class BaseLoop {
  static {
    inspectAsText(this);
  }

  /** @internal */
  readonly _clock: Clock;
  /** @internal */
  readonly _context: ContextKeeper | undefined;
  /** @internal Where interrupts have to find who waits; null without contexts to tell them apart by */
  readonly _rootWaits: Set<RootWait> | null;
  /** @internal its tasks that are not done, weakly */
  readonly _tasks: TaskRegistry = new TaskRegistry();
  /** @internal Where tasks were made; null: nobody wants to know. See `LoopOptions.taskPlaces`. */
  _taskPlaces: WeakMap<object, CreationStack> | null;
  /**
   * Debug mode: a callback that takes so long, with the microtasks that follow from it, is reported with
   * console.warn. In seconds.
   */
  slowCallbackDuration = 0.1;
  readonly #driver: Driver;
  readonly #reports: ExceptionReports<this>;
  readonly #schedule: Schedule;
  #stepper: Stepper | null = null;
  #closed = false;
  #ownTaskPlaces: WeakMap<object, CreationStack> | null = null;
  #foreignWork = 0;
  #debug: boolean;

  /** @internal False for a kind of loop that runs without being inside a run call. */
  get _isStrict(): boolean {
    return true;
  }

  constructor(options: LoopOptions = {}) {
    this._clock = options.clock ?? monotonicClock;
    const keepsAlive = this._isStrict;
    this.#driver =
      options.driver?.(this._clock) ??
      (options.timerPrecision === 'high'
        ? new PreciseDriver(this._clock, keepsAlive)
        : new NodeDriver(this._clock, keepsAlive));
    this._context = options.context;
    this._rootWaits = options.context === undefined ? null : new Set();
    this.#reports = new ExceptionReports(this, options.exceptionHandler ?? null);
    const report: Report = (error, message, handle) => {
      const stack = handle?._debug?.stack;
      const context = { message, exception: error, handle };
      this.callExceptionHandler(
        stack === undefined ? context : { ...context, sourceTraceback: stack.toString() },
      );
    };
    this.#schedule = new Schedule(this._clock, this.#driver, this._context, report);
    this._taskPlaces = options.taskPlaces === true ? new WeakMap() : null;
    this.#debug = false;
    this.setDebug(options.debug ?? DEBUG_BY_DEFAULT);
  }

  // ---- Scheduling ----

  /**
   * Calls `callback(...args)` in the next iteration, after all that was scheduled before it. Never
   * calls it inside `callSoon` itself.
   *
   * @throws RuntimeError if the loop is closed; TypeError if `callback` is not a function, or, in debug
   * mode, if it is an async function (make a task of it with `createTask`)
   */
  callSoon<A extends readonly unknown[]>(callback: (...args: A) => unknown, ...args: A): Handle {
    this._checkCallback('callSoon', callback);
    const handle = new Handle(callback, args, this._capture(), this._stack());
    this.#schedule.addReady(handle);
    return handle;
  }

  /**
   * As `callSoon`; wakes the loop if it waits, as `callSoon` does here too. A loop cannot be sent to
   * another thread: give that one a `threadsafePort`.
   */
  callSoonThreadsafe<A extends readonly unknown[]>(callback: (...args: A) => unknown, ...args: A): Handle {
    return this.callSoon(callback, ...args);
  }

  /**
   * A port for one other thread (a Worker), which calls `callback` by this loop with
   * `callThreadsafe(port, ...args)`. To be transferred to it. Close it to let it go.
   *
   * @throws as `callSoon`
   */
  threadsafePort(callback: (...args: never[]) => unknown): MessagePort {
    this._checkCallback('threadsafePort', callback);
    return openPort(this, callback);
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
    this._checkCallback('callAt', callback);
    const timer = new TimerHandle(when, callback, args, this._capture(), this._stack());
    this.#schedule.addTimer(timer);
    return timer;
  }

  /** @internal As `callSoon`, in a context that was captured before, as a step of the task. */
  _callStep<S>(
    task: Stepping | null,
    context: unknown,
    callback: (subject: S) => unknown,
    subject: S,
  ): Handle | null {
    // Into a closed loop is nowhere: a future may be given its result after the loop's end.
    if (this.#closed) return null;
    const handle = new StepHandle(task, callback, subject, context, this._stack());
    this.#schedule.addReady(handle);
    return handle;
  }

  /** Seconds on the loop's monotonic clock, from an arbitrary start: not the time of day. */
  time(): number {
    return this._clock.time();
  }

  // ---- State ----

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

  /** Whether handles, futures and tasks note where they were made, and callbacks are checked more strictly. */
  getDebug(): boolean {
    return this.#debug;
  }

  /** Takes effect for later calls. */
  setDebug(enabled: boolean): void {
    this.#debug = enabled;
    this.#schedule.slowReport = enabled ? this.#reportSlow : null;
  }

  /**
   * Begins to record what the loop is asked to call and what becomes of it, until the trace's `stop()`.
   * Several traces may be taken at once. A loop that is not traced pays next to nothing.
   *
   * @example
   * const loop = getEventLoop();
   * const trace = loop.trace({ places: true });
   * await loop.runUntilComplete(() => sleep(0.01));
   * const late = trace.stop().filter(({ started, due }) => started! - due! > 0.01);
   */
  trace(options: TraceOptions = {}): Trace {
    const tracer = (this.#schedule.tracer ??= new Tracer((handle) => this._isSleep(handle)));
    return tracer.start(this._clock, options, () => (this.#schedule.tracer = null));
  }

  /** @internal A task was made of a promise: it has no first step that a trace would see. */
  _followed(task: TracedTask): void {
    this.#schedule.tracer?.followed(task);
  }

  /**
   * @internal Whether it is noted where timers and tasks come from, from now on, for those who show them; costs some
   * microseconds each.
   */
  _notePlaces(isNoted: boolean): void {
    if (isNoted === (this.#schedule.timerPlaces !== null)) return;
    this.#schedule.timerPlaces = isNoted ? new WeakMap() : null;
    // Others may have asked for these before.
    if (isNoted && this._taskPlaces === null) {
      this._taskPlaces = new WeakMap();
      this.#ownTaskPlaces = this._taskPlaces;
    } else if (this._taskPlaces === this.#ownTaskPlaces) this._taskPlaces = null;
  }

  /** @internal Where a timer was asked for, if that was noted. */
  _placeOf(handle: Handle): Site | null {
    return (this.#schedule.timerPlaces?.get(handle) ?? handle._debug?.stack)?.site() ?? null;
  }

  readonly #reportSlow = (handle: Handle, seconds: number): void => {
    if (seconds < this.slowCallbackDuration) return;
    const what = handle._task === null ? handle : handle._task;
    console.warn(`Executing ${what.toString()} took ${seconds.toFixed(3)} seconds`);
  };

  toString(): string {
    const state = `running=${this.isRunning()} closed=${this.isClosed()} debug=${this.getDebug()}`;
    return `<${this.constructor.name} ${state}>`;
  }

  // ---- Errors that nothing else takes ----

  /** The handler of `setExceptionHandler`; null for the default one. */
  getExceptionHandler(): ExceptionHandler | null {
    return this.#reports.handler;
  }

  /**
   * Whom to tell of errors that callbacks leave uncaught, and the like. null: console.error again.
   *
   * @throws TypeError if `handler` is neither a function nor null
   */
  setExceptionHandler(handler: ExceptionHandler | null): void {
    this.#reports.setHandler(handler);
  }

  /** Tells the exception handler. Never throws, but for an interrupt. */
  callExceptionHandler(context: ExceptionContext): void {
    this.#reports.call(context);
  }

  /** What happens without an exception handler: writes the context to console.error. */
  defaultExceptionHandler(context: ExceptionContext): void {
    this.#reports.callDefault(context);
  }

  // ---- For the kinds of loops ----

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
    this.#schedule.clearStop();
  }

  /** @internal Whether somebody outside of the loop waits for it to get on. */
  _isAwaited(): boolean {
    return this.isRunning();
  }

  /** @internal Whether a handle is that of a `sleep()`. */
  protected _isSleep(_handle: Handle): boolean {
    return false;
  }

  /** @internal Closes the loop. */
  protected dropAll(): void {
    this.#closed = true;
    this.#schedule.clear();
  }

  /** @internal Ends the run with an interrupt, after the step that goes on. */
  _raise(interrupt: Error): void {
    this.#schedule.raise(interrupt);
  }

  /** @internal */
  _capture(): unknown {
    return this._context?.capture();
  }

  /** @internal Puts in order what a torn call may have left half done. */
  protected repair(): void {
    this.#schedule.repair();
  }

  /** @internal Notes that something outside of the loop, which it waits for, has begun (1) or ended (-1). */
  _addForeignWork(change: 1 | -1): void {
    this.#foreignWork += change;
    this.#driver.foreignWork?.(this.#foreignWork);
  }

  /** @internal All handles that have not been called yet, in no particular order. */
  _pendingHandles(): Handle[] {
    return this.#schedule.pending();
  }

  /** @internal @throws RuntimeError if the loop is closed */
  _checkOpen(): void {
    if (this.#closed) throw new LoopRuntimeError(CLOSED);
  }

  /** @internal Debug mode only: the callers. */
  _stack(): CreationStack | null {
    return this.#debug ? new CreationStack() : null;
  }

  /** @internal @throws as `callSoon` */
  _checkCallback(method: string, callback: unknown): void {
    if (this.#closed) throw new LoopRuntimeError(CLOSED);
    if (typeof callback !== 'function') {
      const hint =
        typeof (callback as PromiseLike<unknown> | null)?.then === 'function'
          ? ' (its code has started already; await it instead)'
          : '';
      throw new TypeError(`${method}() takes a function as callback, not ${formatValue(callback)}${hint}`);
    }
    if (this.#debug && Object.prototype.toString.call(callback) === '[object AsyncFunction]') {
      throw new TypeError(
        `${method}() takes no async function (${callback.name || 'anonymous'}): nobody would wait for its ` +
          'promise. Use createTask().',
      );
    }
  }
}

/** As PYTHONASYNCIODEBUG. */
const DEBUG_BY_DEFAULT = /^(?:1|true|on|yes)$/i.test(process.env['TSLOOP_DEBUG'] ?? '');

// Python's words.
export const CLOSED = 'Event loop is closed';

function checkSeconds(name: string, value: unknown): void {
  if (typeof value === 'number' && !Number.isNaN(value)) return;
  throw new TypeError(`${name} must be a number of seconds, not ${formatValue(value)}`);
}
