import { current } from './current.ts';

/**
 * Lets one step of one loop through at a time, with a full drain of the microtasks between two
 * steps: what asyncio calls a step of a task (all that runs until the next real wait) is in
 * JavaScript one callback plus the microtasks that follow from it.
 *
 * How the drain is had from documented APIs alone: a step runs in a `process.nextTick` callback. Node
 * empties the microtask queue before it takes ticks again, so a microtask that asks for the next tick
 * gets it only after all microtasks, however long their chains are. Between two `setImmediate` callbacks
 * it does the same; so for many steps a row of these is asked for in advance, which costs a quarter.
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

/** A look at the clock costs as much as a short step: it is worth it when so much time (ms) may have passed. */
const LOOK_MS = 0.1;
const MOST_TURNS_BETWEEN_LOOKS = 32;

/** So many steps in a row promise more. */
const ROW_AFTER = 8;
const SHORTEST_ROW = 16;
const LONGEST_ROW = 256;

// The originals: a user's patch of these must not get between the loops and their turns.
const nextTick = process.nextTick.bind(process);
const { setImmediate } = globalThis;
const settled = Promise.resolve();

export class Turnstile {
  readonly #waiting: Step[] = [];
  /** A turn has been asked for and has not come yet, or is being made. */
  #armed = false;
  /** Turns asked for by an earlier generation do nothing; see `recover`. */
  #generation = 0;
  #occupant: object | null = null;
  /** The step that runs, and whether it has asked for another turn. */
  #running: Step | null = null;
  #goesOn = false;

  #sliceEnd = 0;
  #lastLook = 0;
  #turnsToLook = 0;
  #turnsBetweenLooks = 1;
  #pausedAt = 0;
  #hostTime = 0;

  #mayRow = true;
  /** Turns since the loops had nothing to do. */
  #streak = 0;
  /** Immediates of an earlier row do nothing. */
  #row = 0;
  #rowSize = SHORTEST_ROW;
  #rowLeft = 0;

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

  /**
   * From now on without rows: for a thread whose JavaScript may be torn. In the middle of a row that
   * would lose the immediates behind it, those of others too.
   */
  useTicksOnly(): void {
    this.#mayRow = false;
  }

  /** Runs the step once, after what runs now and all microtasks; first come, first served. */
  enter(step: Step): void {
    this.#waiting.push(step);
    if (step === this.#running) this.#goesOn = true;
    if (this.#armed) return;
    this.#streak = 0;
    this.#beginSlice(performance.now());
    this.#arm();
  }

  /**
   * Goes on after the JavaScript of this thread was torn at any place (V8's terminateExecution), which
   * may have lost the microtask, tick or immediate that was to bring the next turn. Harmless when
   * nothing was lost. A step that was torn itself is gone: its loop enters it again.
   */
  recover(): void {
    this.#startGeneration();
    this.#endStep();
    this.#running = null;
    this.#armed = false;
    // The immediate that was to begin the next slice belongs to the old generation: this is its turn.
    this.#beginSlice(performance.now());
    if (this.#waiting.length > 0) this.#arm();
  }

  #startGeneration(): void {
    const generation = ++this.#generation;
    this.#row++;
    this.#rowLeft = 0;
    this.#turn = () => {
      if (generation === this.#generation) this.#takeTurn();
    };
    this.#askForTick = () => nextTick(this.#turn);
  }

  #beginSlice(now: number): void {
    this.#sliceEnd = now + SLICE_MS;
    this.#lastLook = now;
    this.#turnsBetweenLooks = 1;
    this.#turnsToLook = 2;
  }

  #arm(): void {
    this.#armed = true;
    // With a row, one of its immediates brings the turn.
    if (this.#rowLeft === 0) void settled.then(this.#askForTick);
  }

  #askForRow(now: number): void {
    const row = ++this.#row;
    const size = this.#rowSize;
    this.#pausedAt = now;
    this.#rowLeft = size;
    const turn = (): void => {
      if (row !== this.#row) return;
      // Before the first of a row the host has had its turn.
      if (this.#rowLeft-- === size) this.#afterHost();
      if (this.#rowLeft > 0) {
        if (this.#armed) this.#takeTurn();
        return;
      }
      // The last one of a row only ends the step before it, as what the host calls next is not part of that,
      // and asks for another row.
      this.#rowSize = Math.min(size * 2, LONGEST_ROW);
      if (this.#armed) this.#takeTurn();
      else this.#endStep();
    };
    for (let i = 0; i < size; i++) setImmediate(turn);
  }

  #takeTurn(): void {
    this.#endStep();
    if (this.#rowLeft === 0 && this.#mayRow && this.#streak >= ROW_AFTER) {
      this.#askForRow(performance.now());
      return;
    }
    if (--this.#turnsToLook <= 0 && this.#isSliceOver()) return;
    this.#streak++;
    const step = this.#waiting.shift();
    if (step !== undefined) {
      const generation = this.#generation;
      this.#occupant = step.owner;
      this.#running = step;
      this.#goesOn = false;
      step.run();
      if (generation !== this.#generation) return;
      this.#running = null;
      // A step that does not ask for another one has begun a wait, or ended a run: its loop is out.
      if (!this.#goesOn) this.#occupant = null;
    }
    if (this.#waiting.length > 0) this.#arm();
    else this.#armed = false;
  }

  /** All microtasks of the last step have run: what runs now is neither its loop's code nor its task's. */
  #endStep(): void {
    this.#occupant = null;
    current.task = null;
  }

  /** Looks at the clock; if the slice is over, gives the host a turn, and goes on after that. */
  #isSliceOver(): boolean {
    const now = performance.now();
    if (now < this.#sliceEnd) {
      const isFast = now - this.#lastLook < LOOK_MS;
      this.#lastLook = now;
      this.#turnsBetweenLooks = isFast ? Math.min(this.#turnsBetweenLooks * 2, MOST_TURNS_BETWEEN_LOOKS) : 1;
      this.#turnsToLook = this.#turnsBetweenLooks;
      return false;
    }
    if (this.#rowLeft > 0) this.#rowSize = SHORTEST_ROW;
    if (this.#mayRow) this.#askForRow(now);
    else {
      this.#pausedAt = now;
      setImmediate(this.#startSlice, this.#generation);
    }
    return true;
  }

  readonly #startSlice = (generation: number): void => {
    if (generation !== this.#generation) return;
    this.#afterHost();
    this.#takeTurn();
  };

  #afterHost(): void {
    const now = performance.now();
    this.#hostTime += now - this.#pausedAt;
    this.#beginSlice(now);
  }
}

/** The one of this thread. */
export const turnstile: Turnstile = new Turnstile();
