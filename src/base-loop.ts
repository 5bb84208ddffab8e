import { monotonicClock, type Clock } from './clock.ts';
import type { ContextKeeper } from './context.ts';
import type { RootWait, Stepping } from './current.ts';
import { NodeDriver, type Driver } from './driver.ts';
import { LoopRuntimeError } from './errors.ts';
import { ExceptionReports, type ExceptionContext, type ExceptionHandler } from './exception-handler.ts';
import { Handle, TimerHandle } from './handle.ts';
import { callerPlace, formatValue, inspectAsText } from './repr.ts';
import { Schedule, type Report } from './schedule.ts';
import { Stepper } from './stepper.ts';
import { Tracer, type Trace, type TraceOptions } from './trace.ts';

export interface LoopOptions {
  /** Default: the system's monotonic clock. */
  readonly clock?: Clock;
  /** Makes what the loop runs on. Default: Node's own timers and ticks. */
  readonly driver?: (clock: Clock) => Driver;
  /** Carries a context from scheduling to call. Default: none. */
  readonly context?: ContextKeeper;
  /** As `setExceptionHandler` from the start. Default: console.error. */
  readonly exceptionHandler?: ExceptionHandler;
  /** As `setDebug(true)` from the start. */
  readonly debug?: boolean;
  /** Tasks note where they were made, also without debug mode. Default: false. */
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
  readonly _tasks: Set<WeakRef<object>> = new Set();
  /** @internal How much goes on outside of the loop that will call back into it; a virtual clock waits for it. */
  _foreignWork = 0;
  /** @internal see `LoopOptions.taskPlaces` */
  _notesTaskPlaces: boolean;
  readonly #driver: Driver;
  readonly #reports: ExceptionReports<this>;
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
    this._context = options.context;
    this._rootWaits = options.context === undefined ? null : new Set();
    this.#reports = new ExceptionReports(this, options.exceptionHandler ?? null);
    const report: Report = (error, message, handle) => {
      this.callExceptionHandler({ message, exception: error, handle });
    };
    this.#schedule = new Schedule(this._clock, this.#driver, this._context, report);
    this.#debug = options.debug ?? false;
    this._notesTaskPlaces = options.taskPlaces ?? false;
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
    this.#checkCall('callSoon', callback);
    const handle = new Handle(callback, args, this._capture(), this.#place());
    this.#schedule.addReady(handle);
    return handle;
  }

  /** As `callSoon`; wakes the loop if it waits. */
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
    const timer = new TimerHandle(when, callback, args, this._capture(), this.#place());
    this.#schedule.addTimer(timer);
    return timer;
  }

  /** @internal As `callSoon`, in a context that was captured before, as a step of the task. */
  _callStep<A extends readonly unknown[]>(
    task: Stepping | null,
    context: unknown,
    callback: (...args: A) => unknown,
    ...args: A
  ): Handle | null {
    // Into a closed loop is nowhere: a future may be given its result after the loop's end.
    if (this.#closed) return null;
    const handle = new Handle(callback, args, context, this.#place());
    handle._task = task;
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
    const tracer = (this.#schedule.tracer ??= new Tracer((handle) => this._isSleep(handle)));
    return tracer.start(this._clock, options, () => (this.#schedule.tracer = null));
  }

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

  /** @internal All handles that have not been called yet, in no particular order. */
  _pendingHandles(): Handle[] {
    return this.#schedule.pending();
  }

  /** @internal @throws RuntimeError if the loop is closed */
  _checkOpen(): void {
    if (this.#closed) throw new LoopRuntimeError(CLOSED);
  }

  /** @internal As `_place`, for a task. */
  _taskPlace(): string | null {
    return this.#debug || this._notesTaskPlaces ? callerPlace() : null;
  }

  /** @internal Debug mode only: where the calling code stands, as `file:line`. */
  _place(): string | null {
    return this.#place();
  }

  #checkCall(method: string, callback: unknown): void {
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

  #place(): string | null {
    return this.#debug ? callerPlace() : null;
  }
}

// Python's words.
export const CLOSED = 'Event loop is closed';

function checkSeconds(name: string, value: unknown): void {
  if (typeof value === 'number' && !Number.isNaN(value)) return;
  throw new TypeError(`${name} must be a number of seconds, not ${formatValue(value)}`);
}
