/**
 * What reaches the process's descriptors 1 and 2 past the runtime (children, native code), and the FIFOs of cells whose
 * children run on, put between the runtime's messages where it belongs: the runtime leaves a mark in each of them for
 * each message (wire/marks.ts).
 */
import { readSync } from 'node:fs';
import { Socket } from 'node:net';
import { StringDecoder } from 'node:string_decoder';
import type { CellId } from '../bridge.ts';
import { type Mark, MarkReader } from '../wire/marks.ts';

export type RawListener = (cell: CellId, name: 'stdout' | 'stderr', text: string) => void;

/** As much as a FIFO holds on most systems. */
const CHUNK = 65_536;

/** What is read into, before it is copied: a new one for each message would cost more than the reading. */
let buffer: Buffer | undefined;

class Descriptor {
  readonly #fd: number;
  readonly #socket: Socket;
  readonly #marks: MarkReader;
  readonly #decoder = new StringDecoder('utf8');
  readonly #take: (cell: CellId, text: string) => void;
  /** What has been read and not been told yet: it stands behind a message that has not been handled. */
  #pieces: Array<Buffer | Mark> = [];
  /** The last mark that has been read, and the last whose message has been handled. */
  #read = 0;
  #handled = 0;
  #cell: CellId = 0;
  /** No more marks come, but perhaps text. */
  #isReleased = false;
  #isClosed = false;

  /** @param since the message by which it is opened */
  constructor(fd: number, token: string, since: number, take: (cell: CellId, text: string) => void) {
    this.#fd = fd;
    this.#marks = new MarkReader(token);
    this.#read = this.#handled = since;
    this.#take = take;
    this.#socket = new Socket({ fd, readable: true, writable: false });
    this.#socket.on('data', (chunk: Buffer) => {
      this.#push(chunk);
      this.#tell();
    });
    // Nothing can be done for output that cannot be read; the cells go on.
    this.#socket.on('error', () => {});
    this.#socket.on('end', () => this.#end());
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Reads up to the mark, and tells what stands before it. */
  before(mark: number): void {
    if (this.#isClosed || (this.#isReleased && mark !== Infinity)) return;
    buffer ??= Buffer.alloc(CHUNK);
    while (this.#read < mark) {
      let length = 0;
      try {
        length = readSync(this.#fd, buffer);
      } catch {
        // Empty: the mark was not written, as the code that wrote it was torn.
      }
      if (length === 0) {
        this.#pieces.push(this.#marks.flush());
        break;
      }
      this.#push(Buffer.from(buffer.subarray(0, length)));
    }
    this.#handled = mark - 1;
    this.#tell();
  }

  /** The message of this mark has been handled. */
  after(mark: number): void {
    this.#handled = mark;
    this.#tell();
  }

  /** What is written from now on stands behind all messages. */
  release(): void {
    this.#isReleased = true;
  }

  set isPaused(isPaused: boolean) {
    if (isPaused) this.#socket.pause();
    else this.#socket.resume();
  }

  close(): void {
    this.#isClosed = true;
    this.#socket.destroy();
  }

  /** Nobody can write any more. The number of the descriptor may be another's from now on. */
  #end(): void {
    this.#isClosed = true;
    this.#pieces.push(this.#marks.flush());
    this.#handled = Infinity;
    this.#tell();
  }

  #push(chunk: Buffer): void {
    for (const piece of this.#marks.push(chunk)) {
      if ('mark' in piece) this.#read = Math.max(this.#read, piece.mark);
      this.#pieces.push(piece);
    }
  }

  #tell(): void {
    const isOpen = (piece: Buffer | Mark): boolean => !('mark' in piece) || piece.mark <= this.#handled;
    const until = this.#pieces.findIndex((piece) => !isOpen(piece));
    for (const piece of this.#pieces.splice(0, until === -1 ? this.#pieces.length : until)) {
      if ('mark' in piece) {
        this.#cell = piece.cell;
        continue;
      }
      const text = this.#decoder.write(piece);
      if (text !== '') this.#take(this.#cell, text);
    }
  }
}

export class RawOutput {
  readonly #listener: RawListener;
  #token = '';
  #descriptors: Descriptor[] = [];
  readonly #channels = new Map<number, readonly Descriptor[]>();
  #isPaused = false;

  constructor(listener: RawListener) {
    this.#listener = listener;
  }

  /** Descriptors 1 and 2 of the process: what is written there is the running cell's. */
  open(token: string, readers: readonly [number, number]): void {
    this.#token = token;
    this.#add(readers, 0);
  }

  /** What is written there is this cell's. @param mark of the message that says so */
  openChannel(channel: number, cell: CellId, readers: readonly [number, number], mark: number = 0): void {
    this.#channels.set(channel, this.#add(readers, mark, cell));
  }

  /** No more marks are written there. It is closed when all have ended who may write. */
  release(channel: number): void {
    for (const descriptor of this.#channels.get(channel) ?? []) descriptor.release();
    this.#channels.delete(channel);
  }

  #add([stdout, stderr]: readonly [number, number], since: number, of?: CellId): readonly Descriptor[] {
    const make = (fd: number, name: 'stdout' | 'stderr'): Descriptor =>
      new Descriptor(fd, this.#token, since, (cell, text) => this.#listener(of ?? cell, name, text));
    const added = [make(stdout, 'stdout'), make(stderr, 'stderr')];
    if (this.#isPaused) for (const descriptor of added) descriptor.isPaused = true;
    this.#descriptors = [...this.#descriptors.filter(({ isClosed }) => !isClosed), ...added];
    return added;
  }

  /** Handles the message of a mark between what was written before it and what was written behind it. */
  pass(mark: number | undefined, handle: () => void): void {
    if (mark === undefined) {
      handle();
      return;
    }
    for (const descriptor of this.#descriptors) descriptor.before(mark);
    handle();
    for (const descriptor of this.#descriptors) descriptor.after(mark);
  }

  /** Tells all that can be read: nothing more is posted. */
  drain(): void {
    for (const descriptor of this.#descriptors) descriptor.before(Infinity);
  }

  /** While it is paused, writers wait once the FIFOs are full. */
  set isPaused(isPaused: boolean) {
    this.#isPaused = isPaused;
    for (const descriptor of this.#descriptors) descriptor.isPaused = isPaused;
  }

  close(): void {
    for (const descriptor of this.#descriptors.splice(0)) descriptor.close();
  }
}
