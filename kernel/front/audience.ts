/**
 * Whether anybody can hear what is published. The sockets of a client connect one by one: its first cell may be
 * here before its subscription, and would never show it anything; some clients wait for the output for ever.
 */
export class Audience {
  /** Undefined when there is an audience, or none is waited for any more. */
  #waiting: Array<() => void> | undefined;
  readonly #patience: number;
  #timer: NodeJS.Timeout | undefined;

  /** @param patience how long (ms) the first cell waits; a client may want to hear nothing. 0: not at all */
  constructor(patience: number) {
    this.#patience = patience;
    this.#waiting = patience > 0 ? [] : undefined;
  }

  /** Somebody has subscribed: what waits goes on, in its order. */
  arrive(): void {
    clearTimeout(this.#timer);
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const call of waiting) call();
  }

  /** Calls when there is somebody, at once if there is already. */
  whenThere(call: () => void): void {
    if (!this.#waiting) {
      call();
      return;
    }
    this.#waiting.push(call);
    this.#timer ??= setTimeout(() => this.arrive(), this.#patience).unref();
  }
}
