/** Runs a notebook's code cells in order against a runtime, wherever that is. */
import type { CellError, CellId, CellOutcome, FrontPort, ToFront } from '../bridge.ts';
import type { Cell, CodeCell, Notebook } from './notebook.ts';
import { OutputCollector } from './outputs.ts';

export interface Runtime {
  readonly port: FrontPort;
  /** Resolves, saying why, when the runtime has ended and its last message has arrived. Never rejects. */
  readonly ended: Promise<string>;
}

/** A cell that is run, as it is spoken of: the third code cell, `In [3]`. */
export interface CellPlace {
  readonly cell: CodeCell;
  /** 1-based, among the code cells of the notebook. */
  readonly number: number;
  /** How many code cells the notebook has. */
  readonly total: number;
  readonly executionCount: number;
}

export interface RunOptions {
  /** Goes on after any cell that fails, as if all were tagged `raises-exception`. */
  readonly allowErrors: boolean;
  /** Seconds that a cell may run; without it, for ever. */
  readonly timeout?: number;
  /** Seconds that an interrupted cell has to end by itself, with its own output. */
  readonly grace: number;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  onStart(place: CellPlace): void;
  /** `error` is undefined when the cell succeeded. */
  onEnd(place: CellPlace, error: CellError | undefined): void;
}

export type RunResult =
  | { readonly status: 'ok' }
  | { readonly status: 'failed'; readonly place: CellPlace; readonly error: CellError }
  | { readonly status: 'timeout'; readonly place: CellPlace | undefined }
  | { readonly status: 'died'; readonly place: CellPlace | undefined; readonly reason: string }
  | { readonly status: 'interrupted'; readonly place: CellPlace | undefined };

function hasTag(cell: CodeCell, tag: string): boolean {
  const { tags } = cell.metadata;
  return Array.isArray(tags) && tags.includes(tag);
}

/** Where it stopped waiting, if not at the end of the cell. */
type Stop = { readonly stop: 'died'; readonly reason: string } | { readonly stop: 'interrupted' | 'timeout' };

class Session {
  readonly #runtime: Runtime;
  readonly #options: RunOptions;
  readonly #collector = new OutputCollector();
  readonly #waiting = new Map<CellId | 'ready', (message: ToFront) => void>();

  constructor(runtime: Runtime, options: RunOptions) {
    this.#runtime = runtime;
    this.#options = options;
    runtime.port.onMessage((message) => {
      this.#collector.take(message);
      const key = message.type === 'ready' ? 'ready' : message.type === 'done' ? message.cell : undefined;
      if (key !== undefined) this.#waiting.get(key)?.(message);
    });
  }

  message(key: CellId | 'ready'): Promise<ToFront> {
    return new Promise((resolve) => this.#waiting.set(key, resolve));
  }

  /** Waits for the message, for the runtime's end, for Ctrl-C, and no longer than the timeout. */
  async wait(message: Promise<ToFront>, timeout?: number): Promise<ToFront | Stop> {
    const { signal } = this.#options;
    const undo: Array<() => void> = [];
    const stopped = new Promise<Stop>((resolve) => {
      const interrupt = (): void => resolve({ stop: 'interrupted' });
      if (signal.aborted) interrupt();
      signal.addEventListener('abort', interrupt);
      undo.push(() => signal.removeEventListener('abort', interrupt));
      void this.#runtime.ended.then((reason) => resolve({ stop: 'died', reason }));
      if (timeout === undefined) return;
      const timer = setTimeout(() => resolve({ stop: 'timeout' }), timeout * 1000);
      undo.push(() => clearTimeout(timer));
    });
    try {
      return await Promise.race([message, stopped]);
    } finally {
      for (const step of undo) step();
    }
  }

  /** How the cell ended, or why nobody waits for it any more. */
  async run(place: CellPlace, run: CellId): Promise<CellOutcome | Stop> {
    const { cell, executionCount } = place;
    const { port } = this.#runtime;
    this.#collector.begin(run, cell);
    cell.execution_count = executionCount;
    const done = this.message(run);
    port.post({
      type: 'execute',
      request: { cell: run, code: cell.source, executionCount, silent: false, userExpressions: {} },
    });
    const message = await this.wait(done, this.#options.timeout);
    if ('stop' in message) {
      if (message.stop !== 'died') await this.#interrupt(run, done);
      return message;
    }
    if (message.type !== 'done') throw new TypeError(`A run ends with 'done', not with '${message.type}'`);
    return message.outcome;
  }

  /** Gives the cell the chance to end by itself, so that its last output and its children are not lost. */
  async #interrupt(run: CellId, done: Promise<ToFront>): Promise<void> {
    this.#runtime.port.post({ type: 'interrupt', id: run });
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, this.#options.grace * 1000);
    });
    await Promise.race([done, this.#runtime.ended, patience]);
    clearTimeout(timer);
  }
}

/** What nbclient leaves alone too: text, and cells that the author tagged so. */
function isRun(cell: Cell): cell is CodeCell {
  return cell.cell_type === 'code' && cell.source.trim() !== '' && !hasTag(cell, 'skip-execution');
}

/**
 * Runs the cells and puts their outputs and counts into the notebook, until one fails that may not.
 * Cells that are not reached keep what they had. What a callback prints while a later cell runs, or
 * until the runtime has ended, still goes to the callback's own cell.
 */
export async function runCells(
  notebook: Notebook,
  runtime: Runtime,
  options: RunOptions,
): Promise<RunResult> {
  const session = new Session(runtime, options);
  const codeCells = notebook.cells.filter(isRun);
  const started = await session.wait(session.message('ready'));
  if ('stop' in started) return stopResult(started, undefined);
  let executionCount = 0;
  for (const [index, cell] of codeCells.entries()) {
    executionCount += 1;
    const place: CellPlace = { cell, number: index + 1, total: codeCells.length, executionCount };
    options.onStart(place);
    const end = await session.run(place, executionCount);
    if ('stop' in end) return stopResult(end, place);
    const error = end.status === 'error' ? end.error : undefined;
    options.onEnd(place, error);
    if (error !== undefined && !options.allowErrors && !hasTag(cell, 'raises-exception')) {
      return { status: 'failed', place, error };
    }
  }
  return { status: 'ok' };
}

function stopResult(stop: Stop, place: CellPlace | undefined): RunResult {
  return stop.stop === 'died' ? { status: 'died', place, reason: stop.reason } : { status: stop.stop, place };
}
