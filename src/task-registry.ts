/** The tasks of a loop that are not done. */

/** @internal A task as the registry sees it, with its place in a chain of these. */
export interface RegisteredTask {
  _previous: RegisteredTask | null;
  _next: RegisteredTask | null;
  /** Once it is held weakly. */
  _weak: WeakRef<RegisteredTask> | null;
  /** Whether its code runs, so that the loop itself does not hold it any more. */
  readonly _isStarted: boolean;
}

/** Few tasks are not worth letting go of. */
const SWEEP_ABOVE = 256;

/**
 * Holds tasks weakly, as asyncio does: one that waits for what nobody else has is gone some time. But a
 * WeakRef costs as much as half a task, and most tasks do not live long: so they are held by a chain at
 * first, and weakly when many have been made since, and they are still there.
 */
export class TaskRegistry {
  #first: RegisteredTask | null = null;
  #last: RegisteredTask | null = null;
  #chained = 0;
  #sweepAt = SWEEP_ABOVE;
  readonly #weak: Set<WeakRef<RegisteredTask>> = new Set();

  add(task: RegisteredTask): void {
    const last = this.#last;
    task._previous = last;
    if (last === null) this.#first = task;
    else last._next = task;
    this.#last = task;
    if (++this.#chained > this.#sweepAt) this.#sweep();
  }

  /** From now on without holding it. */
  letGo(task: RegisteredTask): void {
    if (task._weak !== null) return;
    this.#unchain(task);
    task._weak = new WeakRef(task);
    this.#weak.add(task._weak);
  }

  /** To be called once for each. */
  delete(task: RegisteredTask): void {
    if (task._weak === null) this.#unchain(task);
    else this.#weak.delete(task._weak);
  }

  /** Those that are not gone; older ones first. */
  *[Symbol.iterator](): Generator<RegisteredTask, void, void> {
    for (const reference of this.#weak) {
      const task = reference.deref();
      if (task !== undefined) yield task;
    }
    for (let task = this.#first; task !== null; task = task._next) yield task;
  }

  #unchain(task: RegisteredTask): void {
    const { _previous: previous, _next: next } = task;
    if (previous === null) this.#first = next;
    else previous._next = next;
    if (next === null) this.#last = previous;
    else next._previous = previous;
    task._previous = null;
    task._next = null;
    this.#chained--;
  }

  #sweep(): void {
    for (const reference of this.#weak) if (reference.deref() === undefined) this.#weak.delete(reference);
    for (let task = this.#first; task !== null;) {
      const next: RegisteredTask | null = task._next;
      if (task._isStarted) this.letGo(task);
      task = next;
    }
    this.#sweepAt = Math.max(SWEEP_ABOVE, 2 * this.#chained, this.#weak.size >> 1);
  }
}
