/**
 * What cells print, on its way to the front. Writes are collected: one message per write would cost
 * several times what console.log itself costs.
 */
import { StringDecoder } from 'node:string_decoder';
import type { CellId, ToFront } from '../bridge.ts';
import { holdIfWanted } from '../shared/held.ts';
import { currentCell } from './cells.ts';
import type { Diverted } from './comm-registry.ts';
import { limited, limitedBundle, limitedBytes } from './limit.ts';

type StreamName = 'stdout' | 'stderr';

/** Text is sent at the latest when this many characters wait, or this many ms after the first. */
const BATCH_SIZE = 65_536;
const BATCH_TIME = 16;
/**
 * So many writes in each such time are sent at once: what a cell says before it blocks the thread
 * must be seen while it does. Few enough that a flood is batched all the same.
 */
const PROMPT_WRITES = 32;

// Cells may replace the globals (fake timers are common in lessons); output must not stop for that.
const { setTimeout, clearTimeout } = globalThis;
const now = performance.now.bind(performance);

/** Output of code that runs before any cell has is shown under the first one. */
export const NO_CELL: CellId = 0;

export class Output {
  readonly #post: (...messages: ToFront[]) => void;
  #cell: CellId = NO_CELL;
  #name: StreamName = 'stdout';
  #text = '';
  /** When the current window of BATCH_TIME began, and how many prompt writes it has left. */
  #since = -Infinity;
  #prompt = 0;
  #timer: NodeJS.Timeout | undefined;
  #isPosting = false;
  /** The cell that has printed the beginning of a line to stdout, and nothing behind it: a prompt, perhaps. */
  #openLine: CellId | undefined;
  /** Called when there is such a cell. */
  onOpenLine: (() => void) | undefined;
  /** By run: who takes what it prints and shows instead of the front. */
  readonly #diverted = new Map<CellId, (output: Diverted) => void>();
  readonly #decoders = { stdout: new StringDecoder('utf8'), stderr: new StringDecoder('utf8') };

  /** @param post what is given to one call belongs together, and may be handed over at once */
  constructor(post: (...messages: ToFront[]) => void) {
    this.#post = post;
  }

  /** Prints on behalf of the current cell, or of the given one. */
  write(name: StreamName, chunk: string | Uint8Array, cell: CellId = currentCell()?.id ?? NO_CELL): void {
    const text = typeof chunk === 'string' ? limited(chunk) : this.#decode(name, chunk);
    if (text === '') return;
    if (this.#text !== '' && (name !== this.#name || cell !== this.#cell)) this.flush();
    this.#name = name;
    this.#cell = cell;
    this.#text += text;
    if (name === 'stdout') {
      this.#openLine = text.endsWith('\n') ? undefined : cell;
      if (this.#openLine !== undefined) this.onOpenLine?.();
    }
    // Checked here as well as by the timer, so that the output of a loop that never yields flows too.
    const time = now();
    if (time - this.#since >= BATCH_TIME) {
      this.#since = time;
      this.#prompt = PROMPT_WRITES;
      this.flush();
    } else if (this.#prompt > 0) {
      this.#prompt -= 1;
      this.flush();
    } else if (this.#text.length >= BATCH_SIZE) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), BATCH_TIME);
    holdIfWanted();
  }

  #decode(name: StreamName, chunk: Uint8Array): string {
    const [bytes, notice] = limitedBytes(chunk);
    return this.#decoders[name].write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)) + notice;
  }

  hasOpenLine(cell: CellId): boolean {
    return this.#openLine === cell;
  }

  /** The user has typed a line behind what was printed. */
  endLine(): void {
    this.#openLine = undefined;
  }

  /** Sends anything but text, after all text that was written before it. */
  emit(...messages: ToFront[]): void {
    this.flush();
    this.#send(
      ...messages.map((message) => {
        const isShown = message.type === 'display' || message.type === 'result';
        return isShown ? { ...message, data: limitedBundle(message.data) } : message;
      }),
    );
  }

  /** From now on `take` gets what this run prints and shows. */
  divert(cell: CellId, take: (output: Diverted) => void): void {
    this.#diverted.set(cell, take);
  }

  /** Whether output is being handed over, which takes time when the front has much to send. */
  get isPosting(): boolean {
    return this.#isPosting;
  }

  /** To be called after running code was torn, perhaps while it handed output over. */
  recover(): void {
    this.#isPosting = false;
  }

  flush(): void {
    if (this.#timer !== undefined) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
    }
    if (this.#text === '') return;
    const text = this.#text;
    this.#text = '';
    this.#send({ type: 'stream', cell: this.#cell, name: this.#name, text });
  }

  #send(...messages: ToFront[]): void {
    const [message] = messages;
    if (message && 'cell' in message && message.cell < 0 && isDivertible(message)) {
      const take = this.#diverted.get(message.cell);
      if (take) {
        take(message);
        return;
      }
    }
    this.#isPosting = true;
    this.#post(...messages);
    this.#isPosting = false;
  }
}

function isDivertible(message: ToFront): message is Diverted {
  return ['stream', 'display', 'clear', 'error'].includes(message.type);
}
