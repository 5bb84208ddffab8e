/** Calls that wait for a child process on this thread: the front must know of them, to be able to stop them. */
import childProcess from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';
import { KeyboardInterrupt } from '../../src/errors.ts';
import type { Blocked } from '../shared/blocked.ts';
import { hold } from '../shared/held.ts';

const interrupted = (): Error => new KeyboardInterrupt('The code was interrupted');

/** More frames than most calls have. */
const FRAMES = 100;

/** Where this was called from; undefined when that cannot be known. */
function place(): string | undefined {
  const { stackTraceLimit } = Error;
  try {
    Error.stackTraceLimit = FRAMES;
    const { stack } = new Error('place');
    return typeof stack === 'string' && stack.includes('\n') ? stack : undefined;
  } catch {
    // What writes stacks is the user's own, and fails.
    return undefined;
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

type Call = (...args: unknown[]) => unknown;

/** From now on `blocked` says when this thread waits for a child. A call whose child was stopped throws. */
export function watchSyncChildren(blocked: Blocked): void {
  let stopped = new Set<string>();
  let turn = blocked.turn;
  /** The places whose calls have been stopped or refused by the interrupt that goes on. */
  const stoppedPlaces = (): Set<string> => {
    if (turn !== blocked.turn) stopped = new Set();
    turn = blocked.turn;
    return stopped;
  };
  const stop = (): never => {
    const at = place();
    if (at !== undefined) stoppedPlaces().add(at);
    throw interrupted();
  };
  for (const name of ['spawnSync', 'execFileSync', 'execSync'] as const) {
    const original = childProcess[name] as Call;
    const watched = function (this: unknown, ...args: unknown[]): unknown {
      const places = stoppedPlaces();
      // The same call once more: code that catches everything, and does not end by an error.
      if (places.size > 0 && places.has(place() ?? '')) hold();
      if (blocked.isRefused) stop();
      const call = blocked.enter();
      let value: unknown;
      let failure: { error: unknown } | undefined;
      try {
        value = original.apply(this, args);
      } catch (error) {
        failure = { error };
      }
      // In place of what the call says of its child's end, which is the user's own doing.
      if (blocked.leave(call)) stop();
      if (failure) throw failure.error;
      return value;
    };
    Object.defineProperty(watched, 'name', { value: name });
    Object.defineProperty(watched, 'length', { value: original.length });
    (childProcess as unknown as Record<string, Call>)[name] = watched;
  }
  // For those that import the names.
  syncBuiltinESMExports();
}
