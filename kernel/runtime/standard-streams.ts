/**
 * process.stdout and process.stderr of cells: what is written to them is the cell's output. They are no
 * terminals, but have what programs expect of one, which does as little as it can there.
 */
import { Writable } from 'node:stream';
import { type Cell, currentCell } from './cells.ts';
import type { Output } from './output.ts';

type Name = 'stdout' | 'stderr';
type Done = (error?: Error | null) => void;
type Callback = () => void;

/** What progress bars and tables are laid out for: the width of a usual cell, and any height. */
const COLUMNS = 80;
const ROWS = 24;

/** A callback that is to be called for so many writes in a row, of one cell. */
interface Owed {
  readonly callback: Done;
  readonly cell: Cell | undefined;
  times: number;
}

const isUtf8 = (encoding: string): boolean => /^utf-?8$/i.test(encoding);

class NotebookStream extends Writable {
  readonly fd: number;
  readonly isTTY = false;
  readonly columns = COLUMNS;
  readonly rows = ROWS;
  readonly #name: Name;
  readonly #output: Output;
  /** What was asked for last, while it has not been called. */
  #owed: Owed | undefined;

  constructor(name: Name, output: Output) {
    super({ decodeStrings: false, emitClose: false, autoDestroy: false });
    this.fd = name === 'stdout' ? 1 : 2;
    this.#name = name;
    this.#output = output;
  }

  // Past the machinery of streams: nothing ever waits here, and a million lines shall cost nothing.
  override write(chunk: unknown, encoding?: BufferEncoding | Done | null, done?: Done): boolean {
    if (typeof chunk !== 'string' && !(chunk instanceof Uint8Array))
      throw new TypeError(`process.${this.#name}.write takes a string or a Uint8Array, not ${typeof chunk}`);
    const isText = typeof chunk === 'string' && typeof encoding === 'string' && !isUtf8(encoding);
    this.#output.write(this.#name, isText ? Buffer.from(chunk, encoding) : chunk);
    const callback = typeof encoding === 'function' ? encoding : done;
    if (callback) this.#owe(callback);
    return true;
  }

  /**
   * Each call of console gives one and the same callback. A tick for each would fill the heap while a loop prints that
   * never yields; so those in a row share one, as with streams of Node's.
   */
  #owe(callback: Done): void {
    const cell = currentCell();
    if (this.#owed?.callback === callback && this.#owed.cell === cell) {
      this.#owed.times += 1;
      return;
    }
    const owed = { callback, cell, times: 1 };
    process.nextTick(() => this.#settle(owed));
    this.#owed = owed;
  }

  #settle(owed: Owed): void {
    if (this.#owed === owed) this.#owed = undefined;
    try {
      while (owed.times > 0) {
        owed.times -= 1;
        owed.callback(null);
      }
    } finally {
      if (owed.times > 0) process.nextTick(() => this.#settle(owed));
    }
  }

  /** As with Node's own, nothing is closed: what follows is printed as well. */
  override end(chunk?: unknown, encoding?: BufferEncoding | Callback, done?: Callback): this {
    const callback = [chunk, encoding, done].find((arg) => typeof arg === 'function') as Callback | undefined;
    if (chunk !== undefined && chunk !== null && typeof chunk !== 'function')
      this.write(chunk, typeof encoding === 'string' ? encoding : undefined);
    process.nextTick(() => {
      this.emit('finish');
      callback?.();
    });
    return this;
  }

  override destroy(): this {
    return this;
  }

  getColorDepth(): number {
    return 1;
  }

  hasColors(): boolean {
    return false;
  }

  getWindowSize(): [number, number] {
    return [COLUMNS, ROWS];
  }

  /** To the beginning of the line, from where clients overwrite it; elsewhere they cannot go. */
  cursorTo(x: number, y?: number | Callback, done?: Callback): boolean {
    if (x === 0) this.write('\r');
    return this.#call(typeof y === 'function' ? y : done);
  }

  moveCursor(_dx: number, _dy: number, done?: Callback): boolean {
    return this.#call(done);
  }

  /** What is written behind it overwrites the line. */
  clearLine(_direction: -1 | 0 | 1, done?: Callback): boolean {
    this.write('\r');
    return this.#call(done);
  }

  clearScreenDown(done?: Callback): boolean {
    return this.#call(done);
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  #call(done: Callback | undefined): boolean {
    if (done) process.nextTick(done);
    return true;
  }
}

/** Puts them in the place of Node's own, and so of what console writes to. */
export function captureStreams(output: Output): void {
  for (const name of ['stdout', 'stderr'] as const) {
    const stream = new NotebookStream(name, output);
    Object.defineProperty(process, name, { configurable: true, enumerable: true, get: () => stream });
  }
}
