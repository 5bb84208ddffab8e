/**
 * process.stdin: a stream whose every line is asked of the user. A terminal is read by whoever wants to,
 * unseen; a question is a box under a cell that runs. So it is asked only when somebody reads and a cell
 * runs that wants the line: one that began to read, or that has printed the beginning of a line, a prompt.
 */
import { Readable } from 'node:stream';
import { type Cell, currentCell } from './cells.ts';
import type { Output } from './output.ts';
import { type Stdin, StdinNotImplementedError } from './stdin.ts';

// Cells may replace the globals.
const { setImmediate } = globalThis;

class StdinStream extends Readable {
  readonly fd = 0;
  readonly isTTY = false;
  readonly #onDemand: (cell: Cell | undefined) => void;

  constructor(onDemand: (cell: Cell | undefined) => void) {
    super();
    this.#onDemand = onDemand;
    // Of a stream that flows already nothing is read when one more begins to listen.
    this.on('newListener', (event) => {
      if (event === 'data' || event === 'readable') onDemand(currentCell());
    });
  }

  get hasReader(): boolean {
    return !this.destroyed && (this.readableFlowing === true || this.listenerCount('readable') > 0);
  }

  /** Whether it was paused, as readline does at its end, and nobody listens any more. */
  get isLeft(): boolean {
    const listeners = this.listenerCount('data') + this.listenerCount('readable');
    return this.readableFlowing === false && listeners === 0 && this.readableLength === 0;
  }

  // Called whenever somebody wants data; _read is not, while an earlier demand is open.
  override read(size?: number): unknown {
    const chunk: unknown = super.read(size);
    if (chunk === null) this.#onDemand(currentCell());
    return chunk;
  }

  override _read(): void {
    this.#onDemand(currentCell());
  }

  /** As of a stream of Node's; the kernel stays alive by itself. */
  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  setRawMode(): this {
    throw new Error('process.stdin of a notebook is no terminal: it gives whole lines. Ask with prompt().');
  }
}

export class StdinReader {
  readonly #stdin: Stdin;
  readonly #output: Output;
  /** The cells that run. */
  readonly #active: () => readonly Cell[];
  #stream: StdinStream | undefined;
  /** The cell on whose behalf it was last read. */
  #reader: Cell | undefined;
  readonly #refuse: (cell: Cell, error: Error) => void;
  #isAsking = false;
  #isChecking = false;
  #whenFree: (() => void) | undefined;

  /** @param refuse ends the cell with this error: it reads where nobody can answer */
  constructor(
    stdin: Stdin,
    output: Output,
    active: () => readonly Cell[],
    refuse: (cell: Cell, error: Error) => void,
  ) {
    this.#refuse = refuse;
    this.#stdin = stdin;
    this.#output = output;
    this.#active = active;
  }

  /** Puts it in the place of process.stdin, made when it is first used. */
  install(): void {
    Object.defineProperty(process, 'stdin', {
      configurable: true,
      enumerable: true,
      // A stream that somebody has paused and left would give nothing to those who listen next.
      get: () => (this.#stream && !this.#stream.isLeft ? this.#stream : this.#open()),
    });
  }

  /**
   * To be called when the code of the running cell has ended. True if it has printed a prompt and reads: as
   * `rl.question(text, callback)` does. The cell is not over then, and `done` is called when it is.
   */
  holds(cell: Cell, done: () => void): boolean {
    if (!this.#wants(cell) || !this.#output.hasOpenLine(cell.id)) return false;
    this.#whenFree = done;
    this.#check();
    return true;
  }

  #open(): StdinStream {
    const stream = new StdinStream((cell) => {
      this.#reader = cell;
      this.#checkSoon();
    });
    this.#output.onOpenLine = () => this.#checkSoon();
    stream.once('close', () => {
      if (this.#stream === stream) this.#stream = undefined;
    });
    return (this.#stream = stream);
  }

  #wants(cell: Cell): boolean {
    if (!this.#stream?.hasReader) return false;
    return this.#reader === cell || this.#output.hasOpenLine(cell.id);
  }

  /** When what runs now has come to its end: it may have more to print, or not read on. */
  #checkSoon(): void {
    if (this.#isChecking || this.#isAsking) return;
    this.#isChecking = true;
    setImmediate(() => {
      this.#isChecking = false;
      this.#check();
    });
  }

  #check(): void {
    const cell = this.#active().find((each) => this.#wants(each));
    const stream = this.#stream;
    if (this.#isAsking || !cell || !stream) return;
    this.#isAsking = true;
    const { signal } = cell.abort;
    const end = (): void => {
      this.#isAsking = false;
      signal.removeEventListener('abort', interrupt);
    };
    const forget = this.#stdin.askLater('', (answer) => {
      end();
      if (answer.status === 'answered') {
        this.#output.endLine();
        stream.push(`${answer.value}\n`);
      } else if (answer.status === 'refused' && this.#active().includes(cell)) {
        // What waits for the line would wait for ever.
        this.#stream = undefined;
        this.#whenFree = undefined;
        this.#refuse(cell, new StdinNotImplementedError(answer.reason));
        return;
      }
      setImmediate(() => this.#release());
    });
    const interrupt = (): void => {
      forget();
      end();
      this.#whenFree = undefined;
      // Nobody reads on who was stopped while reading; process.stdin is a new stream from now on.
      this.#stream = undefined;
      stream.push(null);
    };
    signal.addEventListener('abort', interrupt, { once: true });
  }

  /** The cell that was held is over, unless it goes on asking. */
  #release(): void {
    const done = this.#whenFree;
    if (!done) {
      this.#checkSoon();
      return;
    }
    if (this.#active().some((cell) => this.#wants(cell) && this.#output.hasOpenLine(cell.id))) {
      this.#check();
      return;
    }
    this.#whenFree = undefined;
    done();
  }
}
