/** Asking the user: questions that block the thread, and those that do not. */
import { KeyboardInterrupt } from '../../src/errors.ts';
import type { Answer, Question, RuntimePort } from '../bridge.ts';
import { type Cell, currentCell } from './cells.ts';
import type { Output } from './output.ts';

/** Nobody can answer. Called as IPython calls it. */
export class StdinNotImplementedError extends Error {
  override readonly name = 'StdinNotImplementedError';
}

const INTERRUPT = 'The cell was interrupted';

/** @throws KeyboardInterrupt, StdinNotImplementedError */
function valueOf(answer: Answer): string {
  if (answer.status === 'answered') return answer.value;
  if (answer.status === 'refused') throw new StdinNotImplementedError(answer.reason);
  throw new KeyboardInterrupt(INTERRUPT);
}

export class Stdin {
  readonly #port: RuntimePort;
  readonly #output: Output;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  /** How many questions of a cell its `input()` calls wait for. */
  readonly #live = new Map<Cell, number>();
  #ids = 0;
  #isBlocked = false;

  constructor(port: RuntimePort, output: Output) {
    this.#port = port;
    this.#output = output;
  }

  /** Whether the thread waits for an answer: it may be torn out of that. */
  get isBlocked(): boolean {
    return this.#isBlocked;
  }

  /** To be called after running code was torn, perhaps while it waited. */
  recover(): void {
    this.#isBlocked = false;
  }

  /** Whether the cell waits for an answer, and will hear of an interrupt. */
  isLive(cell: Cell): boolean {
    return this.#live.has(cell);
  }

  /**
   * Blocks the thread until the user has answered.
   * @throws KeyboardInterrupt when the user stops the cell instead
   * @throws StdinNotImplementedError where nobody can answer
   */
  ask(prompt: string, password: boolean = false): string {
    this.#output.flush();
    this.#isBlocked = true;
    const answer = this.#port.ask(this.#question(prompt, password, true));
    this.#isBlocked = false;
    this.#output.endLine();
    return valueOf(answer);
  }

  /** Asks, and lets the thread go on. `done` is called once, unless the returned function was called before. */
  askLater(prompt: string, done: (answer: Answer) => void): () => void {
    const question = this.#question(prompt, false, false);
    this.#waiting.set(question.id, done);
    this.#output.emit({ type: 'ask', question });
    return () => void this.#waiting.delete(question.id);
  }

  /** {@link ask} without blocking: rejects with what that throws. */
  input(prompt: string): Promise<string> {
    const cell = currentCell();
    return new Promise((resolve, reject) => {
      const settle = (take: () => void): void => {
        cell?.abort.signal.removeEventListener('abort', interrupt);
        if (cell) this.#count(cell, -1);
        take();
      };
      const forget = this.askLater(prompt, (answer) => {
        this.#output.endLine();
        settle(() => {
          try {
            resolve(valueOf(answer));
          } catch (error) {
            reject(error);
          }
        });
      });
      const interrupt = (): void => {
        forget();
        settle(() => reject(new KeyboardInterrupt(INTERRUPT)));
      };
      if (cell) this.#count(cell, 1);
      cell?.abort.signal.addEventListener('abort', interrupt, { once: true });
    });
  }

  /** From the front. */
  take(answer: Answer): void {
    const done = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    done?.(answer);
  }

  #question(prompt: string, password: boolean, blocks: boolean): Question {
    return { id: (this.#ids += 1), cell: currentCell()?.id ?? 0, prompt, password, blocks };
  }

  #count(cell: Cell, by: number): void {
    const count = (this.#live.get(cell) ?? 0) + by;
    if (count === 0) this.#live.delete(cell);
    else this.#live.set(cell, count);
  }
}

/** As a prompt is shown: something stands between it and what is typed. */
function spaced(text: unknown): string {
  const prompt = String(text);
  return prompt === '' || /\s$/.test(prompt) ? prompt : `${prompt} `;
}

/** Defines the globals by which cells ask: `prompt`, `confirm`, `password`, `input`. */
export function installQuestions(stdin: Stdin): void {
  const globals = {
    prompt: (text: unknown = '', fallback: unknown = ''): string => {
      const value = stdin.ask(spaced(fallback === '' ? text : `${String(text)} [${String(fallback)}]`));
      return value === '' ? String(fallback) : value;
    },
    confirm: (text: unknown = ''): boolean => /^\s*y(es)?\s*$/i.test(stdin.ask(`${spaced(text)}[y/N] `)),
    password: (text: unknown = 'Password:'): string => stdin.ask(spaced(text), true),
    input: (text: unknown = ''): Promise<string> => stdin.input(spaced(text)),
  };
  for (const [name, value] of Object.entries(globals)) {
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true, enumerable: false });
  }
}
