/**
 * Where errors come out of an `await`. An error that the loop makes in a callback has no frames of the code that gets
 * it; V8 knows the way there, but tells it only in a microtask from which that code goes on.
 */

/** @internal For an environment that shows its users where errors come from. */
export interface AwaitSites {
  /** @param isInTask whether a task waits, or code outside of all tasks */
  wants(error: unknown, isInTask: boolean): boolean;
  /** Called where an `Error` that is made now has the frames of the code that awaits. */
  note(error: unknown): void;
}

let sites: AwaitSites | null = null;

/** @internal From now on errors are shown to it before code that awaits gets them. */
export function setAwaitSites(keeper: AwaitSites | null): void {
  sites = keeper;
}

/**
 * @internal A promise that rejects with the error, for exactly one `then` that gets the handlers of an `await`; null
 * when nobody wants to see the error.
 */
export function shownOnTheWay(error: unknown, isInTask: boolean): Promise<never> | null {
  const keeper = sites;
  if (keeper === null || !keeper.wants(error, isInTask)) return null;
  return noted(error, keeper);
}

async function noted(thrown: unknown, keeper: AwaitSites): Promise<never> {
  // What follows is called from a microtask, where V8 sees the promise of this call and who has taken it by then.
  await Promise.resolve();
  keeper.note(thrown);
  throw thrown;
}
