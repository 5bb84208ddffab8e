/**
 * A heap that is full ends the process, and with it the session. So the front watches the main thread's: when there
 * is little room it turns V8's debugger on, which then pauses code that has filled the heap instead of giving the
 * process up, and lends it some more memory until the code has been stopped. In Node 24 some code must not be paused
 * (shared/frameless.ts): that is stopped before the heap is full.
 */
import { Session } from 'node:inspector';
import { setTimeout as pause } from 'node:timers/promises';
import {
  type Attempt,
  type CellError,
  type CellId,
  END_FRAMELESS,
  type Frameless,
  type Stop,
  stopExpression,
  stopFramelessExpression,
} from '../bridge.ts';
import { PAUSE_NEEDS_FUNCTION } from '../shared/frameless.ts';

/** Times in ms. The less room there is the more often it is looked at: code fills some MB in each. */
const SELDOM = 500;
const OFTEN = 5;
const PER_MB = 1 / 8;
/** The debugger slows down every await: it is on from this share of the limit, and off again below the other one. */
const ALERT = 0.5;
const CALM = 0.35;
/** Code that must not be paused is stopped when it holds this share of what there is for values that are not young. */
const NEARLY_FULL = 0.8;
/** What V8's limit counts for young values, in Node 24 and 25 (MB): with --max-old-space-size=600 it is 792. */
const YOUNG = 192;
/** A cell that has not ended yet is looked at again after this long (ms). */
const STILL_RUNNING = 100;
/** Requests to a thread that is inside a native call stay without an answer; then it is looked at again (ms). */
const PATIENCE = 1000;

const MB = 2 ** 20;

/** No run of a cell has this number. */
const NO_CELL: CellId = 0;

export interface HeapGuardOptions {
  /** The main thread's heap_size_limit, in bytes. */
  readonly limit: number;
  /** Tells the user, with the next cell. */
  notice(text: string): void;
  /** The cells that run right now. */
  running(): readonly CellId[];
  /** From now on this is what ends the cell, when it is interrupted. */
  blame(cell: CellId, error: CellError): void;
  /** Ends a cell whose code is being stopped already. Resolves when that has been taken, to false when it takes too long. */
  interrupt(cell: CellId): Promise<boolean>;
  /** How much memory the process has, in bytes: an upper bound of the heap. Injected by tests. */
  rss?(): number;
}

/** How to have more of it. */
export const LARGER_HEAP =
  'NODE_OPTIONS=--max-old-space-size=8192 in the environment of the kernel gives it 8 GB.';

/** What ends a cell that has filled a heap of this limit (bytes). V8's own word for what takes too much memory is RangeError. */
function heapFull(limit: number): CellError {
  const ename = 'RangeError';
  const evalue =
    `The heap is full: the code has used all of the ${Math.round(limit / MB)} MB that there are for values, and ` +
    `was stopped. Variables keep what they have; set those that are large to undefined to make room. ${LARGER_HEAP}`;
  return { ename, evalue, traceback: [`${ename}: ${evalue}`] };
}

interface Paused {
  readonly reason: string;
  readonly callFrames: ReadonlyArray<{ readonly callFrameId: string }>;
}

export class HeapGuard {
  readonly #options: HeapGuardOptions;
  readonly #rss: () => number;
  #session: Session | undefined;
  #isAlert = false;
  #isPausing = false;
  /** What V8 has paused is being stopped; the debugger must stay as it is meanwhile. */
  #isStopping = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: HeapGuardOptions) {
    this.#options = options;
    this.#rss = options.rss ?? ((): number => process.memoryUsage.rss());
  }

  /** Looks from now on. Keeps nothing alive. */
  start(): void {
    if (!this.#timer) void this.#look();
  }

  /** To be called before the process ends: a connected session does not survive its main thread. */
  close(): void {
    clearTimeout(this.#timer);
    this.#session?.disconnect();
    this.#session = undefined;
  }

  async #look(): Promise<void> {
    const { limit } = this.#options;
    let used = this.#rss();
    // All of the process's memory is less than what would be much for the heap alone: nobody need be asked.
    if (used > limit * CALM || this.#isAlert) used = (await this.#used()) ?? limit;
    if (!this.#isAlert && used > limit * ALERT) await this.#setAlert(true);
    else if (this.#isAlert && used < limit * CALM) await this.#setAlert(false);
    if (this.#isAlert && PAUSE_NEEDS_FUNCTION) await this.#lookForFrameless();
    const room = Math.max(0, this.#next - used) / MB;
    const wait = Math.min(SELDOM, Math.max(OFTEN, room * PER_MB));
    this.#timer = setTimeout(() => void this.#look(), wait).unref();
  }

  /** The bytes of the main thread's heap that are in use, garbage included; undefined when it does not answer. */
  async #used(): Promise<number | undefined> {
    const usage = await this.#post<{ usedSize: number }>('Runtime.getHeapUsage');
    return usage?.usedSize;
  }

  async #setAlert(isAlert: boolean): Promise<void> {
    this.#isAlert = isAlert;
    if (!isAlert && PAUSE_NEEDS_FUNCTION) await this.#evaluate(END_FRAMELESS);
    await this.#setPausing(isAlert);
  }

  /** Whether V8 pauses what fills the heap. */
  async #setPausing(isPausing: boolean): Promise<void> {
    if (isPausing === this.#isPausing) return;
    this.#isPausing = isPausing;
    if (!isPausing) {
      // Also takes back what has been lent.
      await this.#post('Debugger.disable');
      return;
    }
    await this.#post('Debugger.enable');
    // `debugger` statements are not ours to stop at; a full heap is.
    await this.#post('Debugger.setSkipAllPauses', { skip: true });
  }

  /** When something has to be done next, in bytes. */
  get #next(): number {
    if (!this.#isAlert) return this.#options.limit * ALERT;
    return PAUSE_NEEDS_FUNCTION ? this.#nearlyFull : Infinity;
  }

  /** In bytes. */
  get #nearlyFull(): number {
    return (this.#options.limit - YOUNG * MB) * NEARLY_FULL;
  }

  /** Code that must not be paused is stopped when it has nearly filled the heap. */
  async #lookForFrameless(): Promise<void> {
    if (this.#isStopping) return;
    const frameless = await this.#evaluate<Frameless>(stopFramelessExpression(this.#nearlyFull));
    if (frameless === undefined || this.#isStopping) return;
    // Should that come too late, V8 gives up the process, which can be told; see last-words.ts.
    await this.#setPausing(frameless === 'no');
    // The cell still awaits what will not come.
    if (frameless === 'ended') await this.#interrupt(this.#blame());
  }

  /** The main thread stands still, with its heap full. */
  async #paused({ reason, callFrames }: Paused): Promise<void> {
    if (reason !== 'OOM') {
      await this.#post('Debugger.resume');
      return;
    }
    this.#isStopping = true;
    const cells = this.#blame();
    await this.#terminate(callFrames);
    await this.#post('Debugger.resume');
    await this.#interrupt(cells);
    await this.#post('HeapProfiler.collectGarbage');
    this.#isStopping = false;
    // Begins anew, with the limit that there was.
    await this.#setAlert(false);
  }

  /** Says what has filled the heap. @returns what is to be stopped: not the cells that begin when these have ended */
  #blame(): readonly CellId[] {
    const { limit, notice, running, blame } = this.#options;
    const error = heapFull(limit);
    const cells = running();
    for (const cell of cells) blame(cell, error);
    if (cells.length === 0) notice(error.evalue);
    return cells;
  }

  async #interrupt(cells: readonly CellId[]): Promise<void> {
    const { running, interrupt } = this.#options;
    // The thread must hear of it also when it was no cell that ran, but a callback of an earlier one.
    for (const cell of cells.length === 0 ? [NO_CELL] : cells) {
      // What has been lent is taken back only when nothing fills it any more.
      while (!(await interrupt(cell)) && running().includes(cell)) await pause(STILL_RUNNING);
    }
  }

  /** Tells V8 to end the code when it goes on. */
  async #terminate(callFrames: Paused['callFrames']): Promise<void> {
    const stop: Stop = { force: 'anything', isPaused: true };
    const attempt = await this.#evaluate<Attempt>(stopExpression(stop));
    if (typeof attempt !== 'object') return;
    for (const { callFrameId } of callFrames) {
      const written = await this.#post<{ exceptionDetails?: unknown }>('Debugger.evaluateOnCallFrame', {
        callFrameId,
        expression: attempt.writeBack,
      });
      if (written && !written.exceptionDetails) break;
    }
    await this.#evaluate(stopExpression({ ...stop, isWritten: true }));
  }

  async #evaluate<T>(expression: string): Promise<T | undefined> {
    const how = { expression, returnByValue: true };
    return (await this.#post<{ result: { value?: T } }>('Runtime.evaluate', how))?.result.value;
  }

  #connect(): Session {
    if (this.#session) return this.#session;
    const session = new Session();
    session.connectToMainThread();
    session.on('Debugger.paused', ({ params }) => void this.#paused(params));
    this.#session = session;
    return session;
  }

  #post<T>(method: string, parameters: object = {}): Promise<T | undefined> {
    const session = this.#connect();
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(undefined), PATIENCE);
      session.post(method, parameters, (failure: Error | null, reply?: object) => {
        clearTimeout(timer);
        resolve(failure ? undefined : (reply as T));
      });
    });
  }
}
