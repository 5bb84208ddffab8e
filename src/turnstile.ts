/**
 * Lets one step of one loop through at a time, with a full drain of the microtasks between two
 * steps: what asyncio calls a step of a task (all that runs until the next real wait) is in
 * JavaScript one callback plus the microtasks that follow from it.
 *
 * How the drain is had from documented APIs alone: a step runs in a `process.nextTick` callback. Node
 * empties the microtask queue before it takes ticks again, so a microtask that asks for the next tick
 * gets it only after all microtasks, however long their chains are.
 *
 * All loops of a thread share one turnstile. Otherwise the steps of two loops would run in the same
 * tick, and their microtasks would mix.
 */
export interface Step {
  /** The loop whose step it is. */
  readonly owner: object;
  /** Must not throw. */
  run(): void;
}

/**
 * For how long (milliseconds) loops may run before the host gets a turn: its I/O, timers and
 * messages. A turn costs about a microsecond, so at 2 ms it is free, and nobody sees 2 ms.
 */
const SLICE_MS = 2;

// The originals: a user's patch of process.nextTick must not get between the loops and their ticks.
const nextTick = process.nextTick.bind(process);
const settled = Promise.resolve();

export class Turnstile {
  readonly #waiting: Step[] = [];
  /** A turn has been asked for and has not come yet, or is being made. */
  #armed = false;
  /** Turns asked for by an earlier generation do nothing; see `recover`. */
  #generation = 0;
  #sliceEnd = 0;
  #occupant: object | null = null;
  #pausedAt = 0;
  #hostTime = 0;
  #askForTick: () => void = () => {};
  #turn: () => void = () => {};

  constructor() {
    this.#startGeneration();
  }

  /** The loop whose callback, or a microtask that followed from it, is running now; else null. */
  get occupant(): object | null {
    return this.#occupant;
  }

  /** For how long, in milliseconds, the host has had turns while loops had work to do. */
  get hostTime(): number {
    return this.#hostTime;
  }

  /** Runs the step once, after what runs now and all microtasks; first come, first served. */
  enter(step: Step): void {
    this.#waiting.push(step);
    if (this.#armed) return;
    this.#sliceEnd = performance.now() + SLICE_MS;
    this.#arm();
  }

  /**
   * Goes on after the JavaScript of this thread was torn at any place (V8's terminateExecution), which
   * may have lost the microtask, tick or immediate that was to bring the next turn. Harmless when
   * nothing was lost. A step that was torn itself is gone: its loop enters it again.
   */
  recover(): void {
    this.#startGeneration();
    this.#occupant = null;
    this.#armed = false;
    // The immediate that was to begin the next slice belongs to the old generation: this is its turn.
    this.#sliceEnd = performance.now() + SLICE_MS;
    if (this.#waiting.length > 0) this.#arm();
  }

  #startGeneration(): void {
    const generation = ++this.#generation;
    this.#turn = () => {
      if (generation === this.#generation) this.#takeTurn(generation);
    };
    this.#askForTick = () => nextTick(this.#turn);
  }

  #arm(): void {
    this.#armed = true;
    void settled.then(this.#askForTick);
  }

  #takeTurn(generation: number): void {
    // All microtasks of the step before have run, so that one is over.
    this.#occupant = null;
    const now = performance.now();
    if (now >= this.#sliceEnd) {
      this.#pausedAt = now;
      this.#sliceEnd = Infinity;
      setImmediate(this.#startSlice, generation);
      return;
    }
    const step = this.#waiting.shift();
    if (step !== undefined) {
      this.#occupant = step.owner;
      step.run();
      if (generation !== this.#generation) return;
      // A step that does not ask for another one has begun a wait, or ended a run: its loop is out.
      if (!this.#waiting.includes(step)) this.#occupant = null;
    }
    if (this.#waiting.length > 0) this.#arm();
    else this.#armed = false;
  }

  readonly #startSlice = (generation: number): void => {
    if (generation !== this.#generation) return;
    const now = performance.now();
    this.#hostTime += now - this.#pausedAt;
    this.#sliceEnd = now + SLICE_MS;
    this.#takeTurn(generation);
  };
}

/** The one of this thread. */
export const turnstile: Turnstile = new Turnstile();
