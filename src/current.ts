/** The task that runs now on this thread, and what it and the futures must know of each other. */

/** @internal What a task waits for, as the task sees it. */
export interface Cancellable {
  done(): boolean;
  /** Whether a cancel has come to code that it cannot reach: it awaits a promise that is not the loop's, or was torn. */
  _isOutOfReach(): boolean;
  cancel(message?: unknown): boolean;
}

/** @internal A task, as the futures see it that its code awaits. */
export interface Stepping {
  /** The loop whose futures its code may await. */
  readonly _loop: object | null;
  /** The context of its steps. */
  readonly _scope: unknown;
  toString(): string;
  /** Notes that its code waits for `future`, and passes on a cancel that has been asked for. */
  _waitFor(future: Cancellable): void;
  /** Its code goes on: forgets the future. Returns what is thrown instead of the future's outcome, if anything. */
  _goOn(future: Cancellable): Error | null;
  /** Its code was torn in the middle of a step and will never go on: ends it with `error`. */
  _tear(error: Error): void;
}

/** @internal Somebody outside of all tasks who waits for a future; found by an interrupt. */
export interface RootWait {
  readonly context: unknown;
  readonly future: Cancellable;
  interrupt: Error | null;
  /** Whether the future was done before the interrupt: it ends by none, and the wait must end all the same. */
  isLate: boolean;
}

/**
 * @internal The task whose step runs now, null between steps. It is set with every callback that a
 * loop calls, and holds until the microtasks that follow from the callback have run.
 */
export const current: { task: Stepping | null } = { task: null };

let find: (() => Stepping | null) | null = null;

/** @internal Makes somebody else say which task runs, who knows better. Returns what ends that. */
export function setTaskFinder(finder: (() => Stepping | null) | null): () => void {
  const before = find;
  find = finder;
  return () => (find = before);
}

/** @internal The task that the running code belongs to. */
export function taskNow(): Stepping | null {
  return find === null ? current.task : find();
}
