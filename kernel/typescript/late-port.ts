/** The front's side of the border while the type checker is still being loaded: clients are answered already. */
import type { FrontPort, ToFront, ToRuntime } from '../bridge.ts';

export class LatePort implements FrontPort {
  #inner: FrontPort | undefined;
  readonly #held: ToRuntime[] = [];
  readonly #listeners: Array<(message: ToFront) => void> = [];

  /** From now on this is where messages go and come from; first those that were held. */
  open(inner: FrontPort): void {
    this.#inner = inner;
    for (const listener of this.#listeners) inner.onMessage(listener);
    for (const message of this.#held.splice(0)) inner.post(message);
  }

  post(message: ToRuntime): void {
    if (this.#inner) this.#inner.post(message);
    else this.#held.push(message);
  }

  onMessage(listener: (message: ToFront) => void): void {
    this.#listeners.push(listener);
    this.#inner?.onMessage(listener);
  }
}
