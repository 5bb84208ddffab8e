import { Condition } from './condition.ts';
import { BrokenBarrierError, ValueError } from './errors.ts';
import { inspectAsText } from './repr.ts';

/** filling: waits for the rest of the parties. draining, resetting: lets those go who waited. */
type State = 'filling' | 'draining' | 'resetting' | 'broken';

/**
 * Holds a number of tasks until all have come, then lets them go together; and so again. As
 * asyncio.Barrier.
 *
 * @example
 * import { Barrier, gather } from 'tsloop';
 *
 * const barrier = new Barrier(2);
 * const party = async () => `came as number ${await barrier.wait()}`;
 * console.log((await gather(party, party)).join(', ')); // came as number 0, came as number 1
 */
export class Barrier {
  static {
    inspectAsText(this);
  }

  readonly #condition = new Condition();
  readonly #parties: number;
  #state: State = 'filling';
  /** Who is inside, waiting or on the way out. */
  #count = 0;

  /** @throws ValueError if `parties`, the number to wait for, is less than 1 or not a number */
  constructor(parties: number) {
    if (!(parties >= 1)) throw new ValueError(`parties must be > 0, not ${parties}`);
    this.#parties = parties;
  }

  /** How many have to come. */
  get parties(): number {
    return this.#parties;
  }

  /** How many wait now. */
  get nWaiting(): number {
    return this.#state === 'filling' ? this.#count : 0;
  }

  /** True after `abort()`, until `reset()`. */
  get broken(): boolean {
    return this.#state === 'broken';
  }

  /**
   * Waits until all parties have come. Resolves to a number from 0 to `parties - 1`, different for
   * each, in the order in which they came.
   *
   * Rejects with a BrokenBarrierError if the barrier is broken, or is aborted or reset meanwhile; with
   * a CancelledError if the waiting task is cancelled, which makes the others wait for one more.
   */
  wait(): Promise<number> {
    return this.#condition.with(async () => {
      await this.#block();
      try {
        const index = this.#count++;
        if (index + 1 === this.#parties) this.#release();
        else await this.#waitForRelease();
        return index;
      } finally {
        this.#count--;
        this.#exit();
      }
    });
  }

  /** Waits as `wait()`, then calls `body` with the number; resolves to its value. */
  async with<T>(body: (index: number) => T | PromiseLike<T>): Promise<T> {
    return body(await this.wait());
  }

  /** Makes it as new. Who waits now gets a BrokenBarrierError. */
  reset(): Promise<void> {
    return this.#condition.with(() => {
      this.#state = this.#count > 0 ? 'resetting' : 'filling';
      this.#condition.notifyAll();
    });
  }

  /** Breaks it: who waits now or later gets a BrokenBarrierError, until `reset()`. */
  abort(): Promise<void> {
    return this.#condition.with(() => {
      this.#state = 'broken';
      this.#condition.notifyAll();
    });
  }

  /** `<Barrier [filling, waiters:1/2]>`, `<Barrier [broken]>` */
  toString(): string {
    const waiters = this.broken ? '' : `, waiters:${this.nWaiting}/${this.#parties}`;
    return `<${this.constructor.name} [${this.#state}${waiters}]>`;
  }

  /** Those of the last round go first. */
  async #block(): Promise<void> {
    await this.#condition.waitFor(() => this.#state !== 'draining' && this.#state !== 'resetting');
    if (this.#state === 'broken') throw new BrokenBarrierError('Barrier aborted');
  }

  #release(): void {
    this.#state = 'draining';
    this.#condition.notifyAll();
  }

  async #waitForRelease(): Promise<void> {
    await this.#condition.waitFor(() => this.#state !== 'filling');
    if (this.#state === 'broken' || this.#state === 'resetting') {
      throw new BrokenBarrierError('Abort or reset of barrier');
    }
  }

  #exit(): void {
    if (this.#count > 0) return;
    if (this.#state === 'resetting' || this.#state === 'draining') this.#state = 'filling';
    this.#condition.notifyAll();
  }
}
