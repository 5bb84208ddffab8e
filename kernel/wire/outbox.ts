/** What waits to be sent by one socket: zeromq allows one send at a time, and throws at a second one. */

export type Sendable = { send(frames: Uint8Array[]): Promise<void> };

/** More than so many waiting bytes are too many: who makes them should wait. At half of it they may go on. */
const MUCH = 8_000_000;

/** What a message counts beside its bytes: short ones take their time, too. */
const EACH = 20_000;

const sizeOf = (frames: readonly Uint8Array[]): number =>
  frames.reduce((size, frame) => size + frame.byteLength, EACH);

export class Outbox {
  readonly #socket: Sendable;
  #queue: Uint8Array[][] = [];
  #bytes = 0;
  #running: Promise<void> | undefined;
  #closed = false;
  #isFull = false;
  /** Called when it is not full any more. */
  onRelief: () => void = () => {};

  constructor(socket: Sendable) {
    this.#socket = socket;
  }

  get isFull(): boolean {
    return this.#isFull;
  }

  push(frames: Uint8Array[]): void {
    if (this.#closed) return;
    this.#queue.push(frames);
    this.#bytes += sizeOf(frames);
    if (this.#bytes > MUCH) this.#isFull = true;
    this.#running ??= this.#drain();
  }

  /** Resolves when all that was pushed has been handed to ZeroMQ. */
  async flush(): Promise<void> {
    await this.#running;
  }

  close(): void {
    this.#closed = true;
  }

  async #drain(): Promise<void> {
    try {
      while (this.#queue.length > 0 && !this.#closed) {
        const batch = this.#queue;
        this.#queue = [];
        for (const frames of batch) {
          if (this.#closed) break;
          try {
            await this.#socket.send(frames);
          } catch {
            // The client that this was for has gone (EHOSTUNREACH), or the socket is closing.
          }
          this.#bytes -= sizeOf(frames);
          if (!this.#isFull || this.#bytes > MUCH / 2) continue;
          this.#isFull = false;
          this.onRelief();
        }
      }
    } finally {
      this.#running = undefined;
    }
  }
}
