/**
 * The way from a client's side to the runtime, with the type checker on it: cells that are wrong do not get
 * through, and whoever posted them hears of it as of any other failure.
 */
import {
  type CellError,
  type CellOutcome,
  type CellId,
  type CellRequest,
  type FrontPort,
  INTERRUPTED,
  type ToFront,
  type ToRuntime,
  type TypecheckMode,
} from '../bridge.ts';
import { type HelpRequest, isHelp, nothingCalled } from '../magics/help.ts';
import type { CellCheck, Checker } from './checker.ts';
import { Quiet, systemClock } from './quiet.ts';

/** A cell that waits for its check. */
interface Begun {
  readonly request: CellRequest;
  /** Undefined before the check has begun, and when it could not even begin. */
  check?: CellCheck | undefined;
  /** The runtime has it. */
  isRunning: boolean;
}

/** A cell that does not wait: it is looked at when there is time. */
interface Unhurried {
  readonly request: CellRequest;
  readonly mode: TypecheckMode;
  /** When it came, in milliseconds. */
  readonly since: number;
  check?: CellCheck | undefined;
  isPrinted: boolean;
  outcome?: CellOutcome;
}

function labelOf({ executionCount }: CellRequest): string {
  return `In [${executionCount}]`;
}

export class CheckedPort implements FrontPort {
  readonly #runtime: FrontPort;
  readonly #checker: Checker;
  readonly #listeners: Array<(message: ToFront) => void> = [];
  /** The cells that are checked or run: there is one at a time in each shell. */
  readonly #begun = new Map<CellId, Begun>();
  /** What that cell declares is still to be noted. */
  #commit: (() => void) | undefined;
  readonly #unhurried: Unhurried[] = [];
  #catchingUp: Promise<void> = Promise.resolve();
  /** So many wait until all has been caught up with, whatever else there is to do. */
  #awaited = 0;
  readonly #quiet = new Quiet(
    () => this.#unhurried.find(({ isPrinted, outcome }) => !isPrinted || outcome)?.since,
    () => void this.#enqueueCatchUp(),
  );
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
    checker.caughtUp = () => this.settled();
    runtime.onMessage((message) => this.#onMessage(message));
  }

  post(message: ToRuntime): void {
    if (message.type === 'execute') {
      this.#begin(message.request);
      return;
    }
    if (message.type === 'interrupt') {
      for (const [cell, begun] of this.#begun) {
        const isMeant = message.cell === undefined || message.cell === cell;
        if (isMeant && !begun.isRunning) this.#fail(begun, INTERRUPTED);
      }
    }
    this.#runtime.post(message);
  }

  onMessage(listener: (message: ToFront) => void): void {
    this.#listeners.push(listener);
  }

  /** Resolves when all cells so far have been looked at, and their warnings been printed. */
  settled(): Promise<void> {
    if (this.#unhurried.length === 0) return this.#catchingUp;
    this.#awaited += 1;
    return this.#enqueueCatchUp().finally(() => (this.#awaited -= 1));
  }

  #enqueueCatchUp(): Promise<void> {
    this.#catchingUp = this.#catchingUp.then(() => this.#catchUp());
    return this.#catchingUp;
  }

  #begin(request: CellRequest): void {
    this.#commitNow();
    const help = isHelp(request.code);
    if (help) {
      void this.#help(request, help);
      return;
    }
    const mode = this.#modeOf(request);
    if (mode !== 'on') {
      // Nothing of the check is on the cell's way.
      this.#quiet.begins();
      this.#unhurried.push({ request, mode, since: systemClock.now(), isPrinted: false });
      this.#runtime.post({ type: 'execute', request });
      return;
    }
    const begun: Begun = { request, isRunning: false };
    this.#begun.set(request.cell, begun);
    if (this.#unhurried.length === 0) this.#check(begun);
    else void this.settled().then(() => this.#check(begun));
  }

  #modeOf(request: CellRequest): TypecheckMode {
    try {
      return this.#checker.modeOf(request.code);
    } catch {
      // The check will say what is wrong with the text.
      return 'on';
    }
  }

  #check(begun: Begun): void {
    // It was stopped in the meantime.
    if (this.#begun.get(begun.request.cell) !== begun) return;
    const check = (begun.check = this.#open(begun.request, 'on'));
    if (!check) {
      this.#checked(begun, undefined);
      return;
    }
    check.error(labelOf(begun.request)).then(
      (error) => this.#checked(begun, error),
      (reason: unknown) => {
        if (this.#begun.get(begun.request.cell) === begun) this.#unchecked(begun.request, reason);
        this.#checked(begun, undefined);
      },
    );
  }

  #open(request: CellRequest, mode: TypecheckMode): CellCheck | undefined {
    try {
      return this.#checker.begin(request.code, labelOf(request), mode);
    } catch (error) {
      // Behind what is published of the cell's beginning.
      queueMicrotask(() => this.#unchecked(request, error));
      return undefined;
    }
  }

  /** One after the other, in their order: each is checked against those before it that have ended. */
  async #catchUp(): Promise<void> {
    for (const cell of Array.from(this.#unhurried)) {
      // The next one is for later.
      if (this.#awaited === 0 && !this.#quiet.isTime) {
        this.#quiet.wait();
        return;
      }
      const { request } = cell;
      if (!cell.isPrinted) {
        cell.isPrinted = true;
        cell.check = this.#open(request, cell.mode);
        if (cell.check && cell.mode === 'warn') await this.#warn(request, cell.check);
      }
      // One that still runs has not declared anything yet; those behind it are of other shells.
      if (!cell.outcome) continue;
      this.#end(request, cell.check, cell.outcome);
      this.#unhurried.splice(this.#unhurried.indexOf(cell), 1);
    }
  }

  async #warn(request: CellRequest, check: CellCheck): Promise<void> {
    try {
      const text = await check.warning(labelOf(request));
      if (text !== '') this.#emit({ type: 'stream', cell: request.cell, name: 'stderr', text });
    } catch (reason) {
      this.#unchecked(request, reason);
    }
  }

  /** A fault of the checker's own must not cost the cell: it runs, and says so. */
  #unchecked({ cell }: CellRequest, reason: unknown): void {
    const text = `The types of this cell could not be checked: ${reason instanceof Error ? reason.message : String(reason)}\n`;
    this.#emit({ type: 'stream', cell, name: 'stderr', text });
  }

  /** `name?` where no front has answered it: what TypeScript knows is printed. */
  async #help({ cell, silent }: CellRequest, { name, detail }: HelpRequest): Promise<void> {
    const { explainName, explanationText } = await import('./explain.ts');
    const ask = async (): Promise<string | undefined> => {
      const explained = await explainName(this.#checker, name, detail).catch(() => undefined);
      return explained && explanationText(explained);
    };
    // A session's first question may come before the server has read what it must, and run out of time.
    const text = (await ask()) || (await ask());
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
    if (this.#begun.get(begun.request.cell) !== begun) return;
    if (error) {
      this.#fail(begun, error);
      return;
    }
    const remark = begun.check?.remark ?? '';
    if (remark !== '') this.#emit({ type: 'stream', cell: begun.request.cell, name: 'stderr', text: remark });
    begun.isRunning = true;
    this.#runtime.post({ type: 'execute', request: begun.request });
  }

  /** Nothing of the cell is run. */
  #fail(begun: Begun, error: CellError): void {
    const { cell, silent } = begun.request;
    this.#begun.delete(cell);
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
    if (message.type === 'askTypes') {
      void this.#answerTypes(message.id, message.names);
      return;
    }
    if (message.type === 'existing') {
      this.#questions.get(message.id)?.(message.names);
      this.#questions.delete(message.id);
    }
    if (message.type === 'done') this.#done(message.cell, message.outcome);
    this.#emit(message);
    // The answer is on its way.
    this.#commitNow();
  }

  async #answerTypes(id: number, names: readonly string[]): Promise<void> {
    const { typesOfNames } = await import('./type-names.ts');
    const types = await typesOfNames(this.#checker, names).catch(() => ({}));
    this.#runtime.post({ type: 'types', id, types });
  }

  #done(cell: CellId, outcome: CellOutcome): void {
    const waiting = this.#unhurried.find(({ request }) => request.cell === cell);
    if (waiting) {
      waiting.outcome = outcome;
      this.#quiet.stir();
    }
    const current = this.#begun.get(cell);
    if (!current) return;
    this.#begun.delete(cell);
    this.#commit = () => this.#end(current.request, current.check, outcome);
  }

  #commitNow(): void {
    const commit = this.#commit;
    this.#commit = undefined;
    commit?.();
  }

  #end(request: CellRequest, check: CellCheck | undefined, outcome: CellOutcome): void {
    try {
      check?.end(outcome);
    } catch (reason) {
      this.#unchecked(request, reason);
    }
  }

  #emit(message: ToFront): void {
    for (const listener of this.#listeners) listener(message);
  }
}
