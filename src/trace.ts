/**
 * Traces: a record of what a loop was asked to call, by whom, and what became of it. A loop that is
 * not traced pays one comparison for each handle.
 */
import type { Clock } from './clock.ts';
import { StepHandle, TimerHandle, type Handle } from './handle.ts';
import { CreationStack, type Site } from './creation-stack.ts';
import { formatCallback, nameOf } from './repr.ts';

/**
 * What scheduled a handle: `callSoon`, `callLater`, `callAt`, a task that goes on, or a `sleep`. `promise`: there is no
 * handle, as a task was made of a promise, whose code the loop does not call.
 */
export type TraceKind = 'soon' | 'later' | 'at' | 'step' | 'sleep' | 'promise';

/** What became of a handle. `waiting`: it was still to be called when the trace was read. */
export type TraceOutcome = 'waiting' | 'running' | 'ok' | 'exception' | 'cancelled';

/** A task, as a trace names it. */
export interface TraceTask {
  /** Counts from 1 in the order in which the trace came across them. */
  readonly id: number;
  readonly name: string;
}

/**
 * The life of one handle, or of a promise that became a task. All times are seconds of the loop's clock, but for
 * `took`.
 */
export interface TraceEvent {
  /** Counts from 1, in the order of scheduling. */
  readonly handle: number;
  /** The handle during whose call this one was scheduled, microtasks included; null: from outside the loop. */
  readonly parent: number | null;
  /**
   * Which call it was of those that the trace saw, from 1: where times are the same, this tells what came first. Null:
   * not called, or a promise.
   */
  readonly turn: number | null;
  /** The task that goes on when it is called; null if it is none's. */
  readonly task: TraceTask | null;
  readonly kind: TraceKind;
  /** The name of the callback. */
  readonly callback: string;
  /** Whether that is the library's own: it tells those who wait that a future is done, or a time over. */
  readonly isInternal: boolean;
  /** With the option `calls`: the callback with its arguments, `callback(3)`; else null. */
  readonly call: string | null;
  /** How the task ended, if it did so in this call; else null. */
  readonly taskEnd: 'ok' | 'exception' | 'cancelled' | null;
  /** Null if that was before the trace began. */
  readonly scheduled: number | null;
  /** The time for which it was asked; for what is to be called as soon as possible, the time of the request. */
  readonly due: number | null;
  readonly started: number | null;
  /** When the last microtask that followed from the call was through. */
  readonly ended: number | null;
  /** How long call and microtasks took, in seconds of real time, which goes on when a virtual clock stands still. */
  readonly took: number | null;
  /** When it was cancelled; null if it was not, or if it had been called by then. */
  readonly cancelled: number | null;
  readonly outcome: TraceOutcome;
  /** With the option `places`: where the call that scheduled it stands; null if the stack shows no code of the user's. */
  readonly place: Site | null;
}

export interface TraceOptions {
  /** Note where each handle was scheduled; costs some microseconds each. Default: false. */
  readonly places?: boolean;
  /** Note the arguments of each callback, as text. Default: false. */
  readonly calls?: boolean;
  /** How many events are kept; those after it are only counted. Default: 100,000. */
  readonly limit?: number;
}

const DEFAULT_LIMIT = 100_000;

/** Whether a handle is that of a `sleep()`. */
type IsSleep = (handle: Handle) => boolean;
type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * A trace that is being taken, or was: see `EventLoop.trace`.
 *
 * @example
 * const loop = getEventLoop();
 * const trace = loop.trace();
 * await loop.runUntilComplete(() => sleep(0.01));
 * trace.stop();
 * for (const event of trace.events) console.log(event.callback, event.started);
 */
export class Trace {
  readonly #clock: Clock;
  readonly #options: TraceOptions;
  readonly #isSleep: IsSleep;
  readonly #leave: (trace: Trace) => void;
  readonly #events: Mutable<TraceEvent>[] = [];
  readonly #open = new Map<Handle, Mutable<TraceEvent>>();
  /** Those whose code is a promise that is pending. */
  readonly #promises = new Map<TracedTask, Mutable<TraceEvent>>();
  readonly #tasks = new WeakMap<object, TraceTask>();
  #taskCount = 0;
  #handles = 0;
  #turns = 0;
  #running: Mutable<TraceEvent> | null = null;
  #runningTask: TracedTask | null = null;
  #runningSince = 0;

  /** @internal `EventLoop.trace` makes traces. */
  constructor(clock: Clock, options: TraceOptions, isSleep: IsSleep, leave: (trace: Trace) => void) {
    this.#clock = clock;
    this.#options = options;
    this.#isSleep = isSleep;
    this.#leave = leave;
  }

  /** What has been recorded so far, in the order of scheduling. Events that are not over still change. */
  get events(): readonly TraceEvent[] {
    return this.#events;
  }

  /** How many events there was no room for; see `TraceOptions.limit`. */
  get dropped(): number {
    return this.#handles - this.#events.length;
  }

  /** Ends the recording; what is recorded stays. Stopping twice is harmless. Returns the events. */
  stop(): readonly TraceEvent[] {
    this.#leave(this);
    this.#open.clear();
    this.#promises.clear();
    return this.#events;
  }

  [Symbol.dispose](): void {
    this.stop();
  }

  /** @internal */
  _scheduled(handle: Handle, isKnownSince: boolean = true): void {
    const event = this.#add(isKnownSince);
    if (event === null) return;
    const task = taskOf(handle);
    event.task = task === null ? null : this.#taskEntry(task);
    event.kind = this.#isSleep(handle) ? 'sleep' : kindOf(handle);
    event.callback = nameOf(handle._callback);
    event.isInternal = isInternal(handle);
    if (this.#options.calls === true) event.call = formatCallback(handle._callback, handle._args ?? []);
    if (handle instanceof TimerHandle) event.due = handle.when();
    this.#open.set(handle, event);
  }

  /** An event of which nothing is known but when and where it came up; null: there is no room. */
  #add(isKnownSince: boolean): Mutable<TraceEvent> | null {
    const number = ++this.#handles;
    if (!this.#hasRoom()) return null;
    const now = isKnownSince ? this.#clock.time() : null;
    // Writing a stack takes long, the first one of a notebook's cell most of all: not in the middle of what is traced.
    const stack = this.#options.places === true && isKnownSince ? new CreationStack(true) : null;
    let site: Site | null = null;
    const event: Mutable<TraceEvent> = {
      handle: number,
      parent: isKnownSince ? (this.#running?.handle ?? null) : null,
      turn: null,
      task: null,
      kind: 'soon',
      callback: '',
      isInternal: false,
      call: null,
      taskEnd: null,
      scheduled: now,
      due: now,
      started: null,
      ended: null,
      took: null,
      cancelled: null,
      outcome: 'waiting',
      get place(): Site | null {
        return (site ??= stack?.site() ?? null);
      },
    };
    this.#events.push(event);
    return event;
  }

  /** @internal A task was made of a promise. */
  _followed(task: TracedTask): void {
    const event = this.#add(true);
    if (event === null) return;
    event.kind = 'promise';
    event.callback = 'promise';
    event.task = this.#taskEntry(task);
    event.started = event.scheduled;
    event.outcome = 'running';
    this.#promises.set(task, event);
  }

  /** @internal Such a task is about to end. */
  _left(task: TracedTask): void {
    const event = this.#promises.get(task);
    if (event === undefined) return;
    this.#promises.delete(task);
    event.ended = this.#clock.time();
    // How it has ended is known a moment later.
    void settled.then(() => {
      event.taskEnd = endOf(task);
      event.outcome = event.taskEnd ?? 'running';
    });
  }

  /** @internal It was `callLater` that asked for it. */
  _later(handle: Handle): void {
    const event = this.#open.get(handle);
    if (event?.kind === 'at') event.kind = 'later';
  }

  /** @internal */
  _began(handle: Handle): void {
    this.#turns++;
    // Without room, an unknown handle is most likely one that has been counted already.
    if (!this.#open.has(handle) && this.#hasRoom()) this._scheduled(handle, false);
    const event = this.#open.get(handle);
    this.#open.delete(handle);
    this.#running = event ?? null;
    if (event === undefined) return;
    event.outcome = 'running';
    event.turn = this.#turns;
    // Only now is it certain: a sleep of zero becomes a step of the task that awaits it.
    const task = taskOf(handle);
    if (task !== null) event.task = this.#taskEntry(task);
    this.#runningTask = task;
    event.started = this.#clock.time();
    this.#runningSince = performance.now();
  }

  /** @internal The microtasks of the call are through. */
  _ended(failed: boolean): void {
    const event = this.#running;
    this.#running = null;
    if (event === null) return;
    event.ended = this.#clock.time();
    event.took = (performance.now() - this.#runningSince) / 1000;
    event.outcome = failed ? 'exception' : 'ok';
    event.taskEnd = this.#runningTask === null ? null : endOf(this.#runningTask);
  }

  /** @internal */
  _cancelled(handle: Handle): void {
    const event = this.#open.get(handle);
    if (event === undefined) return;
    this.#open.delete(handle);
    event.cancelled = this.#clock.time();
    event.outcome = 'cancelled';
  }

  #hasRoom(): boolean {
    return this.#events.length < (this.#options.limit ?? DEFAULT_LIMIT);
  }

  #taskEntry(task: TracedTask): TraceTask {
    const known = this.#tasks.get(task);
    if (known !== undefined) return known;
    const entry: TraceTask = { id: ++this.#taskCount, name: task.getName() };
    this.#tasks.set(task, entry);
    return entry;
  }
}

/** @internal A task as traces see it. */
export interface TracedTask {
  /** Called when it is about to end, if somebody wants to know. */
  _onEnd: (() => void) | null;
  getName(): string;
  done(): boolean;
  cancelled(): boolean;
  readonly _hasFailed: boolean;
}

function taskOf(handle: Handle): TracedTask | null {
  return handle._task as (TracedTask & typeof handle._task) | null;
}

/** What the library adds to futures, and what it has called at a time. */
const DONE_CALLBACKS: ReadonlySet<string> = new Set([
  'start',
  'wakeUp',
  'wake',
  'end',
  'childDone',
  'futureDone',
  'innerDone',
  'outerDone',
  'stop',
  '#futureDone',
  '#taskDone',
]);
const TIMEOUTS: ReadonlySet<string> = new Set(['endSleep', 'release', '#onTimeout', '#timeIsOver']);

/** By name, and by the way in which it was scheduled: a user's function may have any of the names. */
function isInternal(handle: Handle): boolean {
  const name = nameOf(handle._callback);
  if (handle instanceof StepHandle) return DONE_CALLBACKS.has(name);
  if (!TIMEOUTS.has(name)) return false;
  const [first] = handle._args as readonly [{ readonly done?: unknown } | null | undefined];
  return name.startsWith('#') || typeof first?.done === 'function';
}

function endOf(task: TracedTask): TraceEvent['taskEnd'] {
  if (!task.done()) return null;
  if (task.cancelled()) return 'cancelled';
  return task._hasFailed ? 'exception' : 'ok';
}

function kindOf(handle: Handle): TraceKind {
  if (taskOf(handle) !== null) return 'step';
  return handle instanceof TimerHandle ? 'at' : 'soon';
}

const nextTick = process.nextTick.bind(process);
const settled = Promise.resolve();

/** Tells the traces of one loop what happens. */
export class Tracer {
  readonly #isSleep: IsSleep;
  readonly #traces: Set<Trace> = new Set();
  #failed = false;
  #calls = 0;

  constructor(isSleep: IsSleep) {
    this.#isSleep = isSleep;
  }

  /** Adds a trace; `none` is called when the last one has stopped. */
  start(clock: Clock, options: TraceOptions, none: () => void): Trace {
    const trace = new Trace(clock, options, this.#isSleep, (stopped) => {
      if (this.#traces.delete(stopped) && this.#traces.size === 0) none();
    });
    this.#traces.add(trace);
    return trace;
  }

  /** The timer that was added last is one of `callLater`. */
  later(timer: TimerHandle): void {
    for (const trace of this.#traces) trace._later(timer);
  }

  scheduled(handle: Handle): void {
    for (const trace of this.#traces) trace._scheduled(handle);
    // A cancel of its own, so that the handles of loops that are not traced need not know of traces.
    const cancel = handle.cancel;
    Object.defineProperty(handle, 'cancel', {
      configurable: true,
      writable: true,
      value: () => {
        if (!handle._cancelled) for (const trace of this.#traces) trace._cancelled(handle);
        cancel.call(handle);
      },
    });
  }

  /** A task was made of a promise, which the loop does not call. */
  followed(task: TracedTask): void {
    for (const trace of this.#traces) trace._followed(task);
    task._onEnd = () => {
      for (const trace of this.#traces) trace._left(task);
    };
  }

  began(handle: Handle): void {
    // The end of a call that was torn is never told.
    this.#end(this.#calls);
    this.#failed = false;
    this.#calls++;
    for (const trace of this.#traces) trace._began(handle);
  }

  failed(): void {
    this.#failed = true;
  }

  /** The callback has returned: its microtasks are still to come, and belong to it. */
  returned(): void {
    const call = this.#calls;
    // Node takes the tick when no microtask is left; the loop's own next step is asked for behind it.
    void settled.then(() => nextTick(() => this.#end(call)));
  }

  #end(call: number): void {
    if (call !== this.#calls) return;
    for (const trace of this.#traces) trace._ended(this.#failed);
  }
}
