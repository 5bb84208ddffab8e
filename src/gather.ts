import { isThenable, type Awaitable } from './awaitable.ts';
import { CancelledError } from './errors.ts';
import { Future, type AbstractEventLoop } from './future.ts';
import { getEventLoop } from './policy.ts';
import { ensureFuture, loopOf } from './tasks.ts';

/** The options of `gather`, its last argument. */
export interface GatherOptions {
  /** True: errors are put among the results instead of ending the whole. Default: false. */
  readonly returnExceptions?: boolean | undefined;
}

/** What an awaitable resolves to. */
export type ResultOf<A> = A extends Awaitable<infer T> ? T : never;

type Awaitables = ReadonlyArray<Awaitable<unknown>>;
type Results<A extends Awaitables> = { -readonly [I in keyof A]: ResultOf<A[I]> };
type Outcomes<A extends Awaitables> = { -readonly [I in keyof A]: ResultOf<A[I]> | Error };

/**
 * Waits for several things at once: a future of the list of their results, in the order of the
 * arguments. Functions are called as tasks; a future or promise that is given twice is waited for once.
 *
 * The first error is the future's error at once; the others go on. A child that was cancelled counts as
 * one that has failed with a CancelledError. Cancelling the future cancels all children, and it ends
 * with a CancelledError when they have ended. As asyncio.gather.
 *
 * @throws TypeError if something cannot be waited for, ValueError for futures of different loops
 *
 * @example
 * import { gather, sleep } from 'tsloop';
 *
 * console.log(await gather(sleep(0.02, 'a'), sleep(0.01, 'b'))); // [ 'a', 'b' ]
 * const fail = async () => {
 *   throw new Error('no');
 * };
 * const results = await gather(sleep(0, 'a'), fail, { returnExceptions: true });
 * console.log(results[0], String(results[1])); // a Error: no
 */
export function gather<A extends Awaitables>(
  ...args: [...awaitables: A, options: GatherOptions & { readonly returnExceptions: true }]
): Future<Outcomes<A>>;
export function gather<A extends Awaitables>(
  ...args: [...awaitables: A, options: GatherOptions & { readonly returnExceptions?: false | undefined }]
): Future<Results<A>>;
export function gather<A extends Awaitables>(...awaitables: A): Future<Results<A>>;
export function gather(...args: ReadonlyArray<Awaitable<unknown> | GatherOptions>): Future<unknown[]> {
  const { awaitables, returnExceptions } = partArguments(args);
  const children: Array<Future> = [];
  const unique = new Map<unknown, Future>();
  let outer: GatheringFuture | null = null;
  let finished = 0;

  const childDone = (child: Future): void => {
    finished++;
    if (outer === null || outer.done()) {
      // Asked for, so that it is not reported as an error that nobody wanted to know of.
      child._retrieved();
      return;
    }
    const error = returnExceptions ? null : child._error();
    if (error !== null) outer._fail(error);
    else if (finished === unique.size) {
      const results = children.map((each) => each._error() ?? each._value());
      // A cancel() of the whole wins over returnExceptions.
      if (outer.cancelRequest !== null) {
        outer._fail(
          child.cancelled() ? child._cancelledError() : new CancelledError(outer.cancelRequest.message),
        );
      } else outer.setResult(results);
    }
  };

  let loop: AbstractEventLoop | undefined;
  for (const awaitable of awaitables) {
    // A function may be called twice, a future is the same one.
    let child = typeof awaitable === 'function' ? undefined : unique.get(awaitable);
    if (child === undefined) {
      child = ensureFuture(awaitable, loop === undefined ? {} : { loop });
      loop ??= loopOf(child);
      unique.set(typeof awaitable === 'function' ? child : awaitable, child);
      child.addDoneCallback(childDone);
    }
    children.push(child);
  }
  if (loop === undefined) {
    const nothing = getEventLoop().createFuture<unknown[]>();
    nothing.setResult([]);
    return nothing;
  }
  outer = new GatheringFuture(children, loop);
  return outer;
}

/** Ends when its children have ended; a cancel goes to them first, as for a task to what it waits for. */
class GatheringFuture extends Future<unknown[]> {
  readonly #children: ReadonlyArray<Future>;
  /** What it was asked for last, by `cancel`. */
  cancelRequest: { readonly message: unknown } | null = null;

  constructor(children: ReadonlyArray<Future>, loop: AbstractEventLoop) {
    super({ loop });
    this.#children = children;
  }

  /** @internal */
  override _isOutOfReach(): boolean {
    return this.#children.some((child) => child._isOutOfReach());
  }

  override cancel(message?: unknown): boolean {
    if (this.done()) return false;
    let cancelled = false;
    // A child that is given twice is cancelled twice, as asyncio does.
    for (const child of this.#children) if (child.cancel(message)) cancelled = true;
    if (cancelled) this.cancelRequest = { message };
    return cancelled;
  }
}

function partArguments(args: ReadonlyArray<Awaitable<unknown> | GatherOptions>): {
  awaitables: Array<Awaitable<unknown>>;
  returnExceptions: boolean;
} {
  const last = args.at(-1);
  const hasOptions = typeof last === 'object' && last !== null && !isThenable(last);
  const awaitables = (hasOptions ? args.slice(0, -1) : args) as Array<Awaitable<unknown>>;
  return { awaitables, returnExceptions: hasOptions && last.returnExceptions === true };
}
