/**
 * Answers to questions that block a thread: they go past its queue of messages, since it takes none of
 * those while it waits.
 */
import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';

/** How long (ms) one wait is: after it, the thread looks whether anybody is left who could answer. */
const WAIT = 500;

/** What is answered, and named by its number. */
interface Numbered {
  readonly id: number;
}

export class Answers<T extends Numbered> {
  readonly #port: MessagePort;
  /** Shared between the threads: how many answers have been given. */
  readonly #given: Int32Array;

  /**
   * @param port this thread's end of a channel between the two, used for nothing else
   * @param given shared between the threads; one number, 0 at first
   */
  constructor(port: MessagePort, given: Int32Array) {
    this.#port = port;
    this.#given = given;
  }

  /** To be called by the thread that answers. */
  give(answer: T): void {
    const port = this.#port;
    port.postMessage(answer);
    Atomics.add(this.#given, 0, 1);
    Atomics.notify(this.#given, 0);
  }

  /**
   * Blocks this thread until the question has been answered. V8 can end the wait (`terminateExecution`):
   * the answer that comes then is for nobody, and is dropped by the next wait.
   * @param isOver whether the other thread has gone: nothing is returned then
   */
  wait(id: number, isOver: () => boolean): T | undefined {
    for (;;) {
      const before = Atomics.load(this.#given, 0);
      for (let next = receiveMessageOnPort(this.#port); next; next = receiveMessageOnPort(this.#port)) {
        const answer = next.message as T;
        if (answer.id === id) return answer;
      }
      if (isOver()) return undefined;
      Atomics.wait(this.#given, 0, before, WAIT);
    }
  }
}
