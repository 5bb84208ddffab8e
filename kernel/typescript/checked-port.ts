/**
 * The way from a client's side to the runtime, with the type checker on it: cells that are wrong do not get
 * through, and whoever posted them hears of it as of any other failure.
 */
import {
  type CellError,
  type CellRequest,
  type FrontPort,
  INTERRUPTED,
  type ToFront,
  type ToRuntime,
} from '../bridge.ts';
import { type HelpRequest, isHelp, nothingCalled } from '../magics/help.ts';
import type { CellCheck, Checker } from './checker.ts';

interface Begun {
  readonly request: CellRequest;
  /** Undefined when the check could not even begin. */
  readonly check: CellCheck | undefined;
  /** The runtime has it. */
  isRunning: boolean;
}

export class CheckedPort implements FrontPort {
  readonly #runtime: FrontPort;
  readonly #checker: Checker;
  readonly #listeners: Array<(message: ToFront) => void> = [];
  /** The cell that is checked or runs: there is one at a time. */
  #current: Begun | undefined;
  /** Warnings that have not been printed yet. */
  readonly #warnings = new Set<Promise<void>>();
  readonly #questions = new Map<number, (names: readonly string[]) => void>();
  #ids = 0;

  constructor(runtime: FrontPort, checker: Checker) {
    this.#runtime = runtime;
    this.#checker = checker;
    checker.exist = (names) =>
      new Promise((resolve) => {
        this.#questions.set((this.#ids += 1), resolve);
        runtime.post({ type: 'exist', id: this.#ids, names });
      });
    runtime.onMessage((message) => this.#onMessage(message));
  }

  post(message: ToRuntime): void {
    if (message.type === 'execute') {
      this.#begin(message.request);
      return;
    }
    const waiting = this.#current;
    if (message.type === 'interrupt' && waiting && !waiting.isRunning) this.#fail(waiting, INTERRUPTED);
    this.#runtime.post(message);
  }

  onMessage(listener: (message: ToFront) => void): void {
    this.#listeners.push(listener);
  }

  /** Resolves when all warnings about cells so far have been printed. */
  async settled(): Promise<void> {
    await Promise.all(this.#warnings);
  }

  #begin(request: CellRequest): void {
    const help = isHelp(request.code);
    if (help) {
      void this.#help(request, help);
      return;
    }
    const label = `In [${request.executionCount}]`;
    let check: CellCheck | undefined;
    try {
      check = this.#checker.begin(request.code, label);
    } catch (error) {
      this.#unchecked(request, error);
    }
    const begun: Begun = { request, check, isRunning: check?.mode !== 'on' };
    this.#current = begun;
    if (check?.mode === 'on') {
      check.error(label).then(
        (error) => this.#checked(begun, error),
        (reason: unknown) => {
          if (this.#current === begun) this.#unchecked(request, reason);
          this.#checked(begun, undefined);
        },
      );
      return;
    }
    this.#runtime.post({ type: 'execute', request });
    if (check?.mode !== 'warn') return;
    const printed = check
      .warning(label)
      .then(
        (text) => {
          if (text !== '') this.#emit({ type: 'stream', cell: request.cell, name: 'stderr', text });
        },
        (reason: unknown) => this.#unchecked(request, reason),
      )
      .finally(() => this.#warnings.delete(printed));
    this.#warnings.add(printed);
  }

  /** A fault of the checker's own must not cost the cell: it runs, and says so. */
  #unchecked({ cell }: CellRequest, reason: unknown): void {
    const text = `The types of this cell could not be checked: ${reason instanceof Error ? reason.message : String(reason)}\n`;
    this.#emit({ type: 'stream', cell, name: 'stderr', text });
  }

  /** `name?` where no front has answered it: what TypeScript knows is printed. */
  async #help({ cell, silent }: CellRequest, { name, detail }: HelpRequest): Promise<void> {
    const { explainName, explanationText } = await import('./explain.ts');
    const explained = await explainName(this.#checker, name, detail).catch(() => undefined);
    const text = explained && explanationText(explained);
    if (text) {
      this.#emit({ type: 'stream', cell, name: 'stdout', text: `${text}\n` });
      this.#emit({ type: 'done', cell, outcome: { status: 'ok', payload: [], userExpressions: {} } });
      return;
    }
    const error = nothingCalled(name);
    if (!silent) this.#emit({ type: 'error', cell, error });
    this.#emit({ type: 'done', cell, outcome: { status: 'error', error, declared: [] } });
  }

  #checked(begun: Begun, error: CellError | undefined): void {
    // It was stopped in the meantime.
    if (this.#current !== begun) return;
    if (error) {
      this.#fail(begun, error);
      return;
    }
    begun.isRunning = true;
    this.#runtime.post({ type: 'execute', request: begun.request });
  }

  /** Nothing of the cell is run. */
  #fail(begun: Begun, error: CellError): void {
    this.#current = undefined;
    const { cell, silent } = begun.request;
    try {
      begun.check?.discard();
    } catch (reason) {
      this.#unchecked(begun.request, reason);
    }
    if (!silent) this.#emit({ type: 'error', cell, error });
    this.#emit({ type: 'done', cell, outcome: { status: 'error', error, declared: [] } });
  }

  #onMessage(message: ToFront): void {
    if (message.type === 'typecheck') this.#checker.mode = message.mode;
    if (message.type === 'existing') {
      this.#questions.get(message.id)?.(message.names);
      this.#questions.delete(message.id);
    }
    if (message.type === 'done' && message.cell === this.#current?.request.cell) {
      const { check, request } = this.#current;
      this.#current = undefined;
      try {
        check?.end(message.outcome);
      } catch (reason) {
        this.#unchecked(request, reason);
      }
    }
    this.#emit(message);
  }

  #emit(message: ToFront): void {
    for (const listener of this.#listeners) listener(message);
  }
}
