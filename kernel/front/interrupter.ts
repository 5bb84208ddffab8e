/** Stopping what the main thread does, from outside of it. */
import { type CellId, type FrontPort, HOST, STOP_SCRIPT } from '../bridge.ts';
import type { Execution } from './execution.ts';
import type { MainThread } from './inspector.ts';
import type { Questions } from './questions.ts';

/** A main thread that answers within this long (ms) is idle: there is nothing to tear it out of. */
const IDLE_ANSWER = 25;
/**
 * Where no cell runs, there is seldom anything to stop but a callback of an earlier one; a thread that is merely slow
 * must not lose the cell that comes next.
 */
const IDLE_ANSWER_WITHOUT_CELL = 150;
/** Torn code gives way to the next message at once; this long (ms) is for a machine under load. */
const TORN_ANSWER = 100;
/** Code that is in the middle of one of Node's own steps is looked at again after this long (ms). */
const LOOK_AGAIN = 10;
/**
 * After how long (ms) code that lets no message in is dealt with more roughly; see the runtime's
 * interrupt.ts for what the words mean.
 */
const FORCES = [
  { after: 1000, force: 'anything' },
  { after: 300, force: 'callbacks' },
  { after: 150, force: 'ticks' },
  { after: 0, force: 'stuck' },
] as const;
/** After this long (ms) without an answer the code cannot be interrupted: it is inside one native call. */
const PATIENCE = 2000;

export class Interrupter {
  readonly #runtime: FrontPort;
  readonly #main: MainThread;
  readonly #execution: Execution;
  readonly #questions: Questions;
  readonly #waiting = new Map<number, () => void>();
  /** The cell that each interrupt was meant for. */
  readonly #meant = new Map<number, CellId>();
  #ids = 0;

  constructor(runtime: FrontPort, main: MainThread, execution: Execution, questions: Questions) {
    this.#runtime = runtime;
    this.#main = main;
    this.#execution = execution;
    this.#questions = questions;
    runtime.onMessage((message) => {
      if (message.type === 'pong') this.#answered(message.id);
      if (message.type === 'interrupted') this.#taken(message.id, message.running);
    });
  }

  /** Ends the running cells, those of subshells too; false when the thread did not answer in time (it still will, once it can). */
  async interrupt(): Promise<boolean> {
    // By the time of an answer these may have ended, and the next ones have begun.
    const cells = this.#execution.runningCells;
    let answered = await this.interruptCell(cells[0]);
    for (const cell of cells.slice(1)) answered = (await this.interruptCell(cell)) && answered;
    return answered;
  }

  /** Ends one of them; with none, what callbacks of earlier cells do. */
  async interruptCell(currentCell: CellId | undefined): Promise<boolean> {
    const start = performance.now();
    this.#questions.withdraw();
    const ping = ++this.#ids;
    const idle = this.#answer(ping, currentCell === undefined ? IDLE_ANSWER_WITHOUT_CELL : IDLE_ANSWER);
    this.#runtime.post({ type: 'ping', id: ping });
    let isIdle = await idle;
    const id = ++this.#ids;
    if (currentCell !== undefined) this.#meant.set(id, currentCell);
    for (;;) {
      const elapsed = performance.now() - start;
      const attempt = isIdle ? 'idle' : await this.#terminate(elapsed);
      // Repeated: a message may have been torn with the code. The runtime takes each id once.
      const taken = this.#answer(id, attempt === 'not now' ? LOOK_AGAIN : TORN_ANSWER);
      this.#runtime.post({ type: 'interrupt', id, cell: currentCell ?? 0 });
      if (await taken) return true;
      if (elapsed > PATIENCE) return false;
      isIdle = false;
    }
  }

  async #terminate(elapsed: number): Promise<string | undefined> {
    const force = FORCES.find(({ after }) => elapsed >= after)?.force;
    const reply = await this.#main.post<{ result: { value?: string | { writeBack: string } } }>(
      'Runtime.evaluate',
      {
        expression: `${HOST}.terminate(${JSON.stringify(force)})\n//# sourceURL=${STOP_SCRIPT}`,
        returnByValue: true,
      },
    );
    const attempt = reply?.result.value;
    if (typeof attempt !== 'object') return attempt;
    await this.#main.assignInFrame(attempt.writeBack);
    return this.#terminate(elapsed);
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
