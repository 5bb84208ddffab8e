import type { Driver } from './driver.ts';
import type { Step } from './turnstile.ts';

/**
 * Where a loop pauses, as the loop time before which it has nothing to do: a deadline, Infinity, or
 * DRAIN: go on as soon as the microtasks are through.
 */
export type Pause = number;
export const DRAIN: Pause = -Infinity;

/** Takes a loop's iterations from pause to pause, on a driver. */
export class Stepper implements Step {
  readonly owner: object;
  readonly #iterations: Iterator<Pause, void, void>;
  readonly #driver: Driver;
  readonly #end: (error: unknown) => void;
  #over = false;

  /** `end` is called once: with undefined when the iterations end, or with the error that ends them. */
  constructor(
    owner: object,
    iterations: Iterator<Pause, void, void>,
    driver: Driver,
    end: (error: unknown) => void,
  ) {
    this.owner = owner;
    this.#iterations = iterations;
    this.#driver = driver;
    this.#end = end;
  }

  start(): void {
    this.#driver.resume(this, DRAIN);
  }

  run(): void {
    if (this.#over) return;
    let result: IteratorResult<Pause, void>;
    try {
      result = this.#iterations.next();
    } catch (error) {
      if (!this.#over) this.#finish(error);
      return;
    }
    // The step itself may have abandoned this stepper, by closing or recovering the loop.
    if (this.#over) return;
    if (result.done === true) this.#finish(undefined);
    else this.#driver.resume(this, result.value);
  }

  /** Goes no further and never calls `end`. */
  abandon(): void {
    this.#over = true;
    this.#driver.abandon();
  }

  #finish(error: unknown): void {
    this.#over = true;
    this.#end(error);
  }
}
