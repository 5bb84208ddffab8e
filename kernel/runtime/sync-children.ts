/** Calls that wait for a child process on this thread: the front must know of them, to be able to stop them. */
import childProcess from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';
import { KeyboardInterrupt } from '../../src/errors.ts';
import type { Blocked } from '../shared/blocked.ts';

const interrupted = (): Error => new KeyboardInterrupt('The code was interrupted');

type Call = (...args: unknown[]) => unknown;

let isOwn = false;

/** Runs a call of the kernel's own, which takes no time worth speaking of, and which no interrupt is meant for. */
export function unwatched<T>(call: () => T): T {
  isOwn = true;
  try {
    return call();
  } finally {
    isOwn = false;
  }
}

/** From now on `blocked` says when this thread waits for a child. A call whose child was stopped throws. */
export function watchSyncChildren(blocked: Blocked): void {
  for (const name of ['spawnSync', 'execFileSync', 'execSync'] as const) {
    const original = childProcess[name] as Call;
    const watched = function (this: unknown, ...args: unknown[]): unknown {
      if (isOwn) return original.apply(this, args);
      if (blocked.isRefused) throw interrupted();
      const call = blocked.enter();
      let value: unknown;
      let failure: { error: unknown } | undefined;
      try {
        value = original.apply(this, args);
      } catch (error) {
        failure = { error };
      }
      // In place of what the call says of its child's end, which is the user's own doing.
      if (blocked.leave(call)) throw interrupted();
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
