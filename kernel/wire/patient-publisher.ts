/**
 * iopub, so that a client that reads slowly loses nothing, and one that does not read at all does not stop
 * the others for ever. Every client has room for some messages; when that of any is full, all wait. After a
 * while messages are not kept any more for those that have no room.
 */
import { setTimeout } from 'node:timers/promises';
import type { XPublisher } from 'zeromq';
import type { Sendable } from './outbox.ts';

/** So many messages wait for one client, at most. */
export const ROOM = 200;

/** How long (ms) all wait for a client that takes nothing. */
const PATIENCE = 10_000;
/** How long (ms) it is then left behind, before it is looked at again. */
const NEGLECT = 60_000;
/** How often (ms) is looked whether there is room. ZeroMQ does not tell. */
const LOOK = 5;
/** How long (ms) the end of the kernel waits for a client. */
const HURRIED = 300;
/**
 * While somebody is left behind, nobody is waited for. So that the others lose nothing, there is more room, and a
 * pause of LOOK after so many messages in which they are read.
 */
const BURST = 20;
const MORE_ROOM = 1000;

type Publisher = Pick<XPublisher, 'send' | 'noDrop' | 'sendTimeout' | 'sendHighWaterMark'>;

/** @returns whether there was no room */
function isFull(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'EAGAIN';
}

export class PatientPublisher implements Sendable {
  readonly #socket: Publisher;
  #patience: number;
  /** Until when somebody is left behind; undefined when nobody is. */
  #neglectUntil: number | undefined;
  #burst = 0;

  /** @param patience in milliseconds */
  constructor(socket: Publisher, patience: number = PATIENCE) {
    this.#socket = socket;
    this.#patience = patience;
    socket.sendTimeout = 0;
    this.#set({ noDrop: true });
  }

  async send(frames: Uint8Array[]): Promise<void> {
    if (this.#neglectUntil !== undefined) {
      if (performance.now() < this.#neglectUntil) {
        await this.#sendPast(frames);
        return;
      }
      this.#set({ noDrop: true });
    }
    const isProbe = this.#neglectUntil !== undefined;
    const start = performance.now();
    for (;;) {
      try {
        await this.#socket.send(frames);
        if (isProbe) this.#set({ sendHighWaterMark: ROOM });
        this.#neglectUntil = undefined;
        return;
      } catch (error) {
        if (!isFull(error)) throw error;
      }
      if (isProbe || performance.now() >= start + this.#patience) break;
      await setTimeout(LOOK);
    }
    this.#neglectUntil = performance.now() + NEGLECT;
    this.#set({ noDrop: false, sendHighWaterMark: MORE_ROOM });
    await this.#sendPast(frames);
  }

  /** From now on nobody is waited for for long: the kernel ends. */
  hurry(): void {
    this.#patience = Math.min(this.#patience, HURRIED);
  }

  async #sendPast(frames: Uint8Array[]): Promise<void> {
    this.#burst += 1;
    if (this.#burst % BURST === 0) await setTimeout(LOOK);
    await this.#socket.send(frames);
  }

  /** `noDrop`: a send fails that finds no room; otherwise those without room do not get the message. */
  #set(options: { noDrop?: boolean; sendHighWaterMark?: number }): void {
    // zeromq warns that options are for later connections, which is not so for these.
    const { emitWarning } = process;
    process.emitWarning = () => {};
    try {
      Object.assign(this.#socket, options);
    } finally {
      process.emitWarning = emitWarning;
    }
  }
}
