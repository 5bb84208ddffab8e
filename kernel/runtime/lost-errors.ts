/**
 * Exceptions of tasks that nobody awaits are reported when the task is gone, as in asyncio. There that is at once, since
 * Python counts references; here it is when V8 next collects garbage, which in an idle notebook may be never. So a
 * collection is asked for soon after such an exception.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { onUnretrieved } from '../../src/never-retrieved.ts';

/**
 * After so long (ms) it is looked whether somebody can still await the task; and again later, as what has run last may
 * be kept by Node for a while.
 */
const DELAYS = [1000, 5000, 20_000];
/** A larger heap (bytes) takes too long to look through, and is looked through by V8 often enough. */
const LARGE = 256 * 1024 * 1024;

const { setTimeout } = globalThis;

/** From now on errors that nobody can retrieve any more are told soon. */
export function reportLostErrorsSoon(): void {
  let isAsked = false;
  // Made here, once: timers that code of a task made would keep the task.
  const timers = DELAYS.map((delay) =>
    setTimeout(() => {
      if (isAsked && process.memoryUsage().heapUsed < LARGE) collectGarbage();
      if (delay === DELAYS.at(-1)) isAsked = false;
    }, delay).unref(),
  );
  onUnretrieved(() => {
    isAsked = true;
    for (const timer of timers) timer.refresh();
  });
}

let collect: (() => void) | undefined;

function collectGarbage(): void {
  if (!collect) {
    // Only contexts that are made while the flag is set have the function; those of cells have not.
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as () => void;
    setFlagsFromString('--no-expose-gc');
  }
  collect();
}
