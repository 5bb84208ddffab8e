import type { Handle } from './handle.ts';

/** A pending `sleep`. The first argument of its handle, so that a loop can find the sleeps it holds. */
export interface Sleeper {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** The callback that ends a sleep. */
export function wakeSleeper(sleeper: Sleeper): void {
  sleeper.resolve();
}

/**
 * The callback of a sleep's timer. As in asyncio the sleeper goes on in the iteration after, so that
 * all callbacks which are due at the same time come first.
 */
export function endSleep(
  sleeper: Sleeper,
  loop: { callSoon(callback: typeof wakeSleeper, sleeper: Sleeper): unknown },
): void {
  loop.callSoon(wakeSleeper, sleeper);
}

/** The sleeper for whom a handle was made; undefined for all other handles. */
export function sleeperOf(handle: Handle): Sleeper | undefined {
  const isSleep = handle._callback === wakeSleeper || handle._callback === endSleep;
  return isSleep ? (handle._args[0] as Sleeper) : undefined;
}
