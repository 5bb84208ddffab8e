/** Errors of futures that nobody asked for, and which nobody can ask for any more: they are reported. */
import type { BaseLoop } from './base-loop.ts';

/** @internal The wait for somebody who takes a future's exception. */
export interface Watch {
  end(): void;
}

interface Watched {
  readonly _loop: BaseLoop | null;
  toString(): string;
}

/** Everything of a future that a report needs, but for the future, which is gone by then. */
interface Unretrieved extends Watch {
  readonly loop: BaseLoop;
  readonly kind: string;
  readonly text: string;
  readonly exception: unknown;
}

/** Kept here until retrieved, or reported. */
const unretrieved = new Set<Unretrieved>();

const collected = new FinalizationRegistry<Unretrieved>(report);

/** @internal To be called when a future has got its exception. */
export function watchForRetrieval(future: Watched, exception: unknown): Watch | null {
  const loop = future._loop;
  if (loop === null) return null;
  const watch: Unretrieved = {
    loop,
    kind: future.constructor.name,
    text: future.toString(),
    exception,
    end: () => {
      unretrieved.delete(watch);
      collected.unregister(watch);
    },
  };
  unretrieved.add(watch);
  collected.register(future, watch, watch);
  return watch;
}

function report(watch: Unretrieved): void {
  if (!unretrieved.delete(watch)) return;
  watch.loop.callExceptionHandler({
    message: `${watch.kind} exception was never retrieved`,
    exception: watch.exception,
    future: watch.text,
  });
}

/**
 * Reports all exceptions of a loop's futures that nobody has asked for until now, without waiting for
 * the garbage collector: for the end of a program.
 */
export function reportUnretrieved(loop: BaseLoop): void {
  for (const watch of Array.from(unretrieved)) {
    if (watch.loop !== loop) continue;
    collected.unregister(watch);
    report(watch);
  }
}
