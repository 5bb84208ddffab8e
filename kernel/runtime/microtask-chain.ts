/**
 * Microtasks that make one another without end: promise reactions, async iterations, queueMicrotask. None of them takes
 * long, so no look from outside finds one that is stuck, and most looks find Node's code around them. But they stand in
 * one queue: what is put there has its turn, with none of their code half done, and can tell whether the queue has been
 * empty since its last turn.
 */

/** Microtasks that have gone on for this long (ms) without a pause are ended. */
const ENDLESS = 30;

// Cells may replace them.
const { Promise, setImmediate } = globalThis;
const { then } = Promise.prototype;
const { nextTick } = process;
const now = performance.now.bind(performance);

export class MicrotaskChain {
  readonly #tear: () => void;
  /** Puts the probe into the queue, for one turn. Made ahead, as what makes promises calls hooks of Node and of cells. */
  #fire: (() => void) | undefined;
  /** When the probe had its first turn since the queue was last empty. */
  #since: number | undefined;
  /** Calls back when there has been a pause; undefined when nothing is to be ended. */
  #atPause: ((callback: () => void) => unknown) | undefined;

  /** @param tear ends the running microtask and all that are queued; does not return */
  constructor(tear: () => void) {
    this.#tear = tear;
    this.#prepare();
  }

  /**
   * To be called time and again, in the middle of whatever code: microtasks are ended if they are found to be endless.
   * @param withTicks whether those are ended, too, that go on with ticks of process.nextTick between them
   */
  probe(withTicks: boolean): void {
    // Node runs ticks whenever the queue is empty. It runs immediates when there are no ticks either; not at once, but
    // a message would come first.
    this.#atPause = withTicks ? setImmediate : nextTick;
    const fire = this.#fire;
    this.#fire = undefined;
    fire?.();
  }

  /** Whether a probe has had no turn yet. */
  get isWaiting(): boolean {
    return this.#fire === undefined;
  }

  /** Ends microtasks that are known to be endless. */
  end(): void {
    this.#since = -Infinity;
    this.probe(false);
  }

  /** To be called, not in the middle of other code, when what ran has been stopped: the probe may have been thrown away. */
  reset(): void {
    this.#atPause = undefined;
    this.#since = undefined;
    if (!this.#fire) this.#prepare();
  }

  #prepare(): void {
    let fire: (() => void) | undefined;
    const asked = new Promise<void>((resolve) => {
      fire = resolve;
    });
    void Reflect.apply(then, asked, [() => this.#turn()]);
    this.#fire = fire;
  }

  #turn(): void {
    // Before anything is torn, as more may have to be: ticks, which the queue does not hold, may go on with the chain.
    this.#prepare();
    if (!this.#atPause) return;
    const time = now();
    if (this.#since === undefined) {
      this.#since = time;
      this.#atPause(() => {
        this.#since = undefined;
      });
    } else if (time - this.#since >= ENDLESS) this.#tear();
  }
}
