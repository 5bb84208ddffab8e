/** V8 is told to compile loops so that they can be stopped. */
import { setFlagsFromString } from 'node:v8';

/** The first V8 (Node 24's) that unrolls small loops without leaving in a look at whether it shall stop. */
const UNROLLING_SINCE = 13;

/**
 * To be called before any cell is compiled. `for (;;) new Array(1000).fill(0)` has, once it is optimized, no place
 * left where V8 would end it.
 */
export function keepLoopsStoppable(): void {
  const major = Number.parseInt(process.versions.v8, 10);
  if (major >= UNROLLING_SINCE) setFlagsFromString('--no-turboshaft-loop-unrolling');
}
