import { createdAt, type CreationStack } from './creation-stack.ts';
import type { Stepping } from './current.ts';
import { formatCallback, inspectAsText } from './repr.ts';

const NO_ARGS: readonly unknown[] = [];

interface HandleDebug {
  readonly stack: CreationStack;
  /** The text that the handle had when it was cancelled. */
  keptText: string | null;
}

/** Any function; the loop has checked the arguments where it was scheduled. */
export type Callback = (...args: never[]) => unknown;

/**
 * A callback that has been scheduled with `callSoon`; `callLater` and `callAt` return a TimerHandle.
 *
 * @example
 * const handle = getEventLoop().callSoon(console.log, 'never shown');
 * handle.cancel();
 */
export class Handle {
  static {
    inspectAsText(this);
    // What few handles have is no field of all: there may be millions of them.
    Object.assign(this.prototype, { _task: null, _debug: null });
  }

  /** @internal null once cancelled, so that a kept handle keeps nothing alive */
  _callback: Callback | null;
  /** @internal */
  _args: readonly unknown[];
  /** @internal what the loop's context keeper captured when this was scheduled */
  _context: unknown;
  /** @internal the task of which the call is a step */
  declare _task: Stepping | null;
  /** @internal debug mode only */
  declare _debug: HandleDebug | null;

  /** @internal Loops make handles. */
  constructor(callback: Callback, args: readonly unknown[], context: unknown, stack: CreationStack | null) {
    this._callback = callback;
    // A rest parameter is an array of its own with every call.
    this._args = args.length === 0 ? NO_ARGS : args;
    this._context = context;
    if (stack !== null) this._debug = { stack, keptText: null };
  }

  /** Prevents the call, if it has not been made yet. Cancelling again, or after the call, is harmless. */
  cancel(): void {
    if (this._callback === null) return;
    if (this._debug !== null) this._debug.keptText = this.#text(true);
    this._callback = null;
    this._args = NO_ARGS;
  }

  /** @internal */
  get _cancelled(): boolean {
    return this._callback === null;
  }

  /** True once `cancel()` was called, also if that was too late. */
  cancelled(): boolean {
    return this._callback === null;
  }

  /** `<Handle name(arguments)>`, `<Handle cancelled>`; in debug mode with `created at file:line`. */
  toString(): string {
    return this._debug?.keptText ?? this.#text(this._callback === null);
  }

  #text(isCancelled: boolean): string {
    const parts = [this.constructor.name];
    if (isCancelled) parts.push('cancelled');
    parts.push(...this._details());
    if (this._callback !== null) parts.push(formatCallback(this._callback, this._arguments()));
    parts.push(...createdAt(this._debug?.stack ?? null));
    return `<${parts.join(' ')}>`;
  }

  /** @internal What the callback is called with. */
  _arguments(): readonly unknown[] {
    return this._args;
  }

  /** @internal What a subclass adds to the text. */
  protected _details(): string[] {
    return [];
  }
}

/** @internal A callback that is, or may become, the step of a task. */
export class StepHandle extends Handle {
  static {
    Object.defineProperty(this, 'name', { value: 'Handle' });
  }

  override _task: Stepping | null;
  /** @internal the one argument, which needs no array */
  _subject: unknown;

  constructor(
    task: Stepping | null,
    callback: Callback,
    subject: unknown,
    context: unknown,
    stack: CreationStack | null,
  ) {
    super(callback, NO_ARGS, context, stack);
    this._task = task;
    this._subject = subject;
  }

  override cancel(): void {
    super.cancel();
    this._subject = undefined;
  }

  override _arguments(): readonly unknown[] {
    return [this._subject];
  }
}

/** What holds timers, and wants to know how many of them are cancelled. */
interface CancelledCounter {
  noteCancelled(): void;
}

/**
 * A callback that has been scheduled for a certain time.
 *
 * @example
 * const loop = getEventLoop();
 * const timer = loop.callLater(60, console.log, 'never');
 * console.log(timer.when() > loop.time()); // true
 * timer.cancel();
 */
export class TimerHandle extends Handle {
  /** @internal */
  readonly _when: number;
  /** @internal the heap's count when it was added: the earlier of two equal deadlines has the lower */
  _number = 0;
  /** @internal the heap that holds it, until it is due */
  _heap: CancelledCounter | null = null;

  /** @internal Loops make handles. */
  constructor(
    when: number,
    callback: Callback,
    args: readonly unknown[],
    context: unknown,
    stack: CreationStack | null,
  ) {
    super(callback, args, context, stack);
    this._when = when;
  }

  /**
   * Which of two timers is due first: negative, zero or positive, for sorting.
   *
   * @throws TypeError if one of them is no TimerHandle
   */
  static compare(a: TimerHandle, b: TimerHandle): number {
    if (!isTimer(a) || !isTimer(b)) {
      throw new TypeError('Only timers can be compared: a Handle has no time at which it is due.');
    }
    return a._when - b._when;
  }

  /** The time at which it is due, in seconds of `loop.time()`; also after the call or a cancel. */
  when(): number {
    return this._when;
  }

  override cancel(): void {
    if (this._cancelled) return;
    super.cancel();
    this._heap?.noteCancelled();
  }

  protected override _details(): string[] {
    return [`when=${this._when}`];
  }
}

/** Not within the class: one that mentions itself gets another name when modules are joined. */
function isTimer(value: unknown): boolean {
  return value instanceof TimerHandle;
}
