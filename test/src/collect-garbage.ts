import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as () => void;

/** Collects garbage, and lets finalization registries call, until `isDone` says so; fails after 20 s. */
export async function collectGarbageUntil(isDone: () => boolean): Promise<void> {
  const end = performance.now() + 20_000;
  while (!isDone()) {
    if (performance.now() > end) throw new Error('It was not collected within 20 s');
    // What `isDone` has looked at through a WeakRef is kept until this job is over.
    await new Promise((resolve) => setTimeout(resolve, 1));
    gc();
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
