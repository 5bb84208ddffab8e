/** Errors of futures that nobody asked for, and which nobody can ask for any more: they are reported. */
import type { BaseLoop } from './base-loop.ts';
import type { CreationStack } from './creation-stack.ts';

/** @internal The wait for somebody who takes a future's exception. */
export interface Watch {
  end(): void;
}

interface Watched {
  readonly _loop: BaseLoop | null;
  readonly _madeAt: CreationStack | null;
  toString(): string;
}

/** Everything of a future that a report needs, but for the future, which is gone by then. */
interface Unretrieved extends Watch {
  readonly loop: BaseLoop;
  readonly kind: string;
  readonly text: string;
  readonly exception: unknown;
  /** Of the code that failed: it is told on its behalf. */
  readonly context: unknown;
  readonly stack: CreationStack | null;
}

/** Kept here until retrieved, or reported. */
const unretrieved = new Set<Unretrieved>();

/** Those of this turn of the host; most are retrieved within it. */
let fresh: Unretrieved[] = [];

/**
 * Until its stack is asked for, an error keeps alive what its frames hold; and that is the very future,
 * which would never be collected then.
 */
function writeStacks(): void {
  const watches = fresh.filter((watch) => unretrieved.has(watch));
  fresh = [];
  for (const { exception } of watches) if (exception instanceof Error) void exception.stack;
  if (watches.length > 0) listener?.();
}

let listener: (() => void) | undefined;

/**
 * @internal From now on calls `left` when futures have got exceptions that nobody has asked for in the same turn of
 * the host. Whether anybody still can is known after the next garbage collection.
 */
export function onUnretrieved(left: () => void): void {
  listener = left;
}

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
    context: loop._capture(),
    stack: future._madeAt,
    end: () => {
      unretrieved.delete(watch);
      collected.unregister(watch);
    },
  };
  unretrieved.add(watch);
  if (fresh.push(watch) === 1) setImmediate(writeStacks);
  collected.register(future, watch, watch);
  return watch;
}

function report(watch: Unretrieved): void {
  if (!unretrieved.delete(watch)) return;
  const tell = (): void =>
    watch.loop.callExceptionHandler({
      message: `${watch.kind} exception was never retrieved`,
      exception: watch.exception,
      future: watch.text,
      ...(watch.stack === null ? {} : { sourceTraceback: watch.stack.toString() }),
    });
  const keeper = watch.loop._context;
  if (keeper) keeper.run(watch.context, tell, []);
  else tell();
}

/**
 * Reports all exceptions of a loop's futures that nobody has asked for until now, without waiting for
 * the garbage collector: for the end of a program.
 *
 * @example
 * const loop = newEventLoop();
 * loop.setExceptionHandler((_loop, context) => console.log(context.message));
 * const future = loop.createFuture();
 * future.setException(new Error('unseen'));
 * reportUnretrieved(loop); // Future exception was never retrieved
 * loop.close();
 */
export function reportUnretrieved(loop: BaseLoop): void {
  reportAll((watch) => watch.loop === loop);
}

/** @internal As `reportUnretrieved`, for all loops. */
export function reportAllUnretrieved(): void {
  reportAll(() => true);
}

function reportAll(isMeant: (watch: Unretrieved) => boolean): void {
  for (const watch of Array.from(unretrieved)) {
    if (!isMeant(watch)) continue;
    collected.unregister(watch);
    report(watch);
  }
}
