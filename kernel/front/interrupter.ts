/** Stopping what the main thread does, from outside of it. */
import {
  type Attempt,
  type CellId,
  type Force,
  type FrontPort,
  type Stop,
  stopExpression,
} from '../bridge.ts';
import type { Header } from '../protocol/message.ts';
import type { AtOnce } from '../shared/at-once.ts';
import type { Execution } from './execution.ts';
import type { MainThread } from './inspector.ts';
import type { Questions } from './questions.ts';
import type { SyncChildren } from './sync-child.ts';

/** A main thread that answers within this long (ms) is idle: there is nothing to tear it out of. */
const IDLE_ANSWER = 25;
/**
 * Where no cell runs, there is seldom anything to stop but a callback of an earlier one; a thread that is merely slow
 * must not lose the cell that comes next.
 */
const IDLE_ANSWER_WITHOUT_CELL = 150;
/** Torn code gives way to the next message at once; this long (ms) is for a machine under load. */
const TORN_ANSWER = 100;
/** Code that goes on although it was to be ended is found after this long (ms). */
const TORN_LOOK = 20;
/** Code that is in the middle of one of Node's own steps is looked at again after this long (ms). */
const LOOK_AGAIN = 10;
/** The same when it is known to be stuck: the user's own part of it is found the sooner, the more often it is looked for. */
const LOOK_SOON = 2;
/**
 * After how long (ms) code that lets no message in is dealt with more roughly. The first look, at once, is for the next
 * one to compare.
 */
const FORCES: ReadonlyArray<{ readonly after: number; readonly force: Force }> = [
  { after: 1000, force: 'anything' },
  { after: 100, force: 'callbacks' },
  { after: 50, force: 'ticks' },
  { after: 0, force: 'stuck' },
];
/** After this long (ms) without an answer the code cannot be interrupted: it is inside one native call. */
const PATIENCE = 2000;
/** From then on it is looked at less often (ms): for the moment when the call is over, and more code follows. */
const LOOK_SELDOM = 250;
/** A child that is waited for is looked for this often (ms). It gets SIGINT, SIGTERM and SIGKILL two seconds apart. */
const CHILD_ANSWER = 20;
const CHILD_PATIENCE = 6000;

const STUCK =
  'The cell cannot be stopped now: it is inside one call of native code (as JSON.parse or pbkdf2Sync are), and ends ' +
  'when that is over. Restart the kernel to end it at once; its variables are lost then.';

/** Whether a date of a header is later than another of the same client. Clients count in ms or in microseconds. */
function isLater(one: string, other: string): boolean {
  const difference = Date.parse(one) - Date.parse(other);
  return difference === 0 ? one > other : difference > 0;
}

export class Interrupter {
  readonly #runtime: FrontPort;
  readonly #main: MainThread;
  readonly #execution: Execution;
  readonly #questions: Questions;
  readonly #children: SyncChildren | undefined;
  readonly #atOnce: AtOnce | undefined;
  readonly #waiting = new Map<number, () => void>();
  /** The cell that each interrupt was meant for. */
  readonly #meant = new Map<number, CellId>();
  #ids = 0;
  /** Until when the code that was told to end gets time for it, by performance.now(). */
  #tornUntil = 0;
  /** The interrupts that have not been taken yet, by the cell that each is meant for. */
  readonly #pending = new Map<CellId | undefined, Promise<boolean>>();

  constructor(
    runtime: FrontPort,
    main: MainThread,
    execution: Execution,
    questions: Questions,
    children?: SyncChildren,
    atOnce?: AtOnce,
  ) {
    this.#runtime = runtime;
    this.#main = main;
    this.#execution = execution;
    this.#questions = questions;
    this.#children = children;
    this.#atOnce = atOnce;
    runtime.onMessage((message) => {
      if (message.type === 'pong') this.#answered(message.id);
      if (message.type === 'interrupted') this.#taken(message.id, message.running);
    });
  }

  /**
   * Ends the running cells, those of subshells too. Resolves to false when the thread did not answer in time: it still
   * will, once it can, and the user has been told.
   * @param request the header of the request for it
   */
  async interrupt(request?: Header): Promise<boolean> {
    // By the time of an answer these may have ended, and the next ones have begun.
    const running = this.#execution.runningCells;
    const cells = running.filter((cell) => !request || !this.#hasOvertaken(cell, request));
    if (cells.length === 0 && running.length > 0) return true;
    let inTime = await this.interruptCell(cells[0]);
    for (const cell of cells.slice(1)) inTime = (await this.interruptCell(cell)) && inTime;
    return inTime;
  }

  /** Ends one of them; with none, what callbacks of earlier cells do. */
  interruptCell(cell: CellId | undefined): Promise<boolean> {
    const pending = this.#pending.get(cell);
    if (pending) return pending;
    const inTime = new Promise<boolean>((resolve) => {
      void this.#run(cell, resolve).finally(() => this.#pending.delete(cell));
    });
    this.#pending.set(cell, inTime);
    return inTime;
  }

  /** Cells may overtake an interrupt, which has a socket of its own: one that was sent later was not meant. */
  #hasOvertaken(cell: CellId, request: Header): boolean {
    const header = this.#execution.headerOf(cell);
    // Clocks of two clients may differ.
    return header?.session === request.session && isLater(header.date, request.date);
  }

  /** Goes on until the interrupt has been taken. @param done is told so, or that it takes too long */
  async #run(cell: CellId | undefined, done: (inTime: boolean) => void): Promise<void> {
    const start = performance.now();
    this.#questions.withdraw();
    const ping = ++this.#ids;
    const idle = this.#answer(ping, cell === undefined ? IDLE_ANSWER_WITHOUT_CELL : IDLE_ANSWER);
    this.#runtime.post({ type: 'ping', id: ping });
    // Not awaited: a thread in a native call does not answer, and the next one stands behind it.
    if (cell !== undefined) void this.#terminate('nothing');
    this.#tornUntil = 0;
    let isIdle = await idle;
    const id = ++this.#ids;
    if (cell !== undefined) this.#meant.set(id, cell);
    let isLate = false;
    this.#children?.reset();
    for (;;) {
      const elapsed = performance.now() - start;
      // What runs when the cell has ended is not what was meant; the thread must hear of it all the same.
      const isOver = cell !== undefined && !this.#execution.runningCells.includes(cell);
      const patience = isIdle || isOver ? TORN_ANSWER : await this.#push(elapsed, cell);
      const taken = this.#answer(id, isLate ? Math.max(patience, LOOK_SELDOM) : patience);
      // Repeated: a message may have been torn with the code. The runtime takes each id once.
      this.#runtime.post({ type: 'interrupt', id, cell: cell ?? 0 });
      if (await taken) break;
      isIdle = false;
      const limit = this.#children?.isWaiting ? CHILD_PATIENCE : PATIENCE;
      if (isLate || elapsed < limit) continue;
      isLate = true;
      if (cell !== undefined && this.#execution.runningCells.includes(cell)) this.#execution.notice(STUCK);
      done(false);
    }
    this.#children?.reset();
    done(true);
  }

  /** Brings the thread nearer to where it takes messages. @returns how long (ms) it may take until it does */
  async #push(elapsed: number, cell: CellId | undefined): Promise<number> {
    if (this.#children?.isWaiting) {
      await this.#children.stop();
      return CHILD_ANSWER;
    }
    const waited = cell === undefined ? elapsed - IDLE_ANSWER_WITHOUT_CELL : elapsed;
    const rest = this.#tornUntil - performance.now();
    const force = rest > 0 ? 'nothing' : (FORCES.find(({ after }) => waited >= after)?.force ?? 'stuck');
    // Where none was meant, those that have begun since are not what was to be stopped.
    const attempt = await this.#terminate(force, cell === undefined ? this.#execution.runningCells : []);
    if (attempt === 'swallowed') this.#tornUntil = 0;
    else if (rest > 0) return rest;
    if (attempt === 'terminated') {
      this.#tornUntil = performance.now() + TORN_ANSWER;
      return TORN_LOOK;
    }
    if (attempt === 'nearly' || attempt === 'swallowed') return LOOK_SOON;
    return attempt === 'not now' ? LOOK_AGAIN : TORN_ANSWER;
  }

  /** @param spared cells whose code is left alone */
  async #terminate(force: Force, spared: readonly CellId[] = []): Promise<Attempt | undefined> {
    const attempt = await this.#attempt({ force, spared });
    if (typeof attempt !== 'object') return attempt;
    // A loop that went on after it has written them back would leave its variables behind what else it has done.
    return this.#main.whilePaused(attempt.writeBack, async (assign) => {
      const now = await this.#attempt({ force, spared });
      if (typeof now !== 'object') return now;
      await assign(now.writeBack);
      return this.#attempt({ force, spared, isWritten: true });
    });
  }

  async #attempt(stop: Stop): Promise<Attempt | undefined> {
    const reply = await this.#main.post<{ result: { value?: Attempt }; exceptionDetails?: unknown }>(
      'Runtime.evaluate',
      { expression: stopExpression(stop), returnByValue: true },
    );
    if (!reply?.exceptionDetails) return reply?.result.value;
    // Code that calls itself without end, and catches the error of that, leaves no room on the stack for a look.
    const isMeant = stop.force !== 'nothing' && !stop.spared?.length;
    if (!isMeant || !this.#atOnce?.isRunning) return undefined;
    await this.#main.post('Runtime.terminateExecution', {});
    return 'terminated';
  }

  #taken(id: number, stillRunning: CellId | undefined): void {
    const meant = this.#meant.get(id);
    this.#meant.delete(id);
    if (meant !== undefined && meant !== stillRunning) this.#execution.settle(meant);
    this.#answered(id);
  }

  #answered(id: number): void {
    this.#waiting.get(id)?.();
  }

  #answer(id: number, patience: number): Promise<boolean> {
    return new Promise((resolve) => {
      const settle = (answered: boolean) => (): void => {
        clearTimeout(timer);
        this.#waiting.delete(id);
        resolve(answered);
      };
      const timer = setTimeout(settle(false), patience);
      this.#waiting.set(id, settle(true));
    });
  }
}
