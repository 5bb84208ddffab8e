import { untilAborted, type WaitOptions } from './abort.ts';
import { ValueError } from './errors.ts';
import { isFuture, type Future } from './future.ts';
import type { TimerHandle } from './handle.ts';
import { getRunningLoop } from './policy.ts';
import { formatValue } from './repr.ts';
import { checkList, checkTimeout } from './checks.ts';

/**
 * When `wait` is over: as soon as one of the futures is done.
 *
 * @example
 * const tasks = [createTask(() => sleep(0.01)), createTask(() => sleep(60))];
 * const [done] = await wait(tasks, { returnWhen: FIRST_COMPLETED });
 * console.log(done.size); // 1
 * for (const task of tasks) task.cancel();
 */
export const FIRST_COMPLETED = 'FIRST_COMPLETED';
/**
 * When `wait` is over: as soon as one of the futures has failed (not: was cancelled); else when all are done.
 *
 * @example
 * const fail = async () => {
 *   throw new Error('no');
 * };
 * const tasks = [createTask(fail), createTask(() => sleep(60))];
 * const [done] = await wait(tasks, { returnWhen: FIRST_EXCEPTION });
 * console.log([...done].map((task) => String(task.exception()))); // [ 'Error: no' ]
 * for (const task of tasks) task.cancel();
 */
export const FIRST_EXCEPTION = 'FIRST_EXCEPTION';
/**
 * When `wait` is over: when all futures are done.
 *
 * @example
 * const tasks = [createTask(() => sleep(0.01)), createTask(() => sleep(0.02))];
 * const [done] = await wait(tasks, { returnWhen: ALL_COMPLETED });
 * console.log(done.size); // 2
 */
export const ALL_COMPLETED = 'ALL_COMPLETED';

export type ReturnWhen = typeof FIRST_COMPLETED | typeof FIRST_EXCEPTION | typeof ALL_COMPLETED;

export interface WaitForFuturesOptions extends WaitOptions {
  /** Seconds after which it is over in any case; null: none. Default: null. */
  readonly timeout?: number | null | undefined;
  /** Default: ALL_COMPLETED. */
  readonly returnWhen?: ReturnWhen | undefined;
}

/**
 * Waits for futures and tasks; resolves to two sets, of those that are done and of those that are not.
 * It cancels nothing, and a timeout is no error. As asyncio.wait.
 *
 * Rejects with a TypeError if it is given something else than futures (make tasks of functions, with
 * `createTask`), with a ValueError for no futures or an unknown `returnWhen`, with a CancelledError if the
 * waiting task is cancelled, with the signal's reason if that aborts.
 *
 * @example
 * import { createTask, FIRST_COMPLETED, sleep, wait } from 'tsloop';
 *
 * const tasks = [createTask(() => sleep(0.01)), createTask(() => sleep(60))];
 * const [done, pending] = await wait(tasks, { returnWhen: FIRST_COMPLETED });
 * console.log(done.size, pending.size); // 1 1
 * for (const task of pending) task.cancel();
 */
export async function wait<F extends Future>(
  futures: Iterable<F>,
  options: WaitForFuturesOptions = {},
): Promise<[done: Set<F>, pending: Set<F>]> {
  const { timeout = null, returnWhen = ALL_COMPLETED, signal } = options;
  const waitedFor = new Set(checkFutures('wait', futures));
  if (waitedFor.size === 0) throw new ValueError('Set of Tasks/Futures is empty.');
  if (![FIRST_COMPLETED, FIRST_EXCEPTION, ALL_COMPLETED].includes(returnWhen)) {
    throw new ValueError(`Invalid returnWhen value: ${formatValue(returnWhen)}`);
  }
  checkTimeout('wait', timeout);
  signal?.throwIfAborted();

  const waiter = getRunningLoop().createFuture<void>();
  let timer: TimerHandle | null = null;
  if (timeout !== null) timer = getRunningLoop().callLater(timeout, release, waiter);
  let unfinished = waitedFor.size;
  const futureDone = (future: Future): void => {
    unfinished--;
    const isOver =
      unfinished <= 0 ||
      returnWhen === FIRST_COMPLETED ||
      (returnWhen === FIRST_EXCEPTION && !future.cancelled() && future.exception() !== null);
    if (!isOver) return;
    timer?.cancel();
    release(waiter);
  };
  for (const future of waitedFor) future.addDoneCallback(futureDone);
  try {
    await untilAborted(waiter, signal);
  } finally {
    timer?.cancel();
    for (const future of waitedFor) future.removeDoneCallback(futureDone);
  }

  const done = new Set<F>();
  const pending = new Set<F>();
  for (const future of waitedFor) (future.done() ? done : pending).add(future);
  return [done, pending];
}

/** @internal Ends the wait for this future, if it has not ended otherwise. */
export function release(waiter: Future<void>): void {
  if (!waiter.done()) waiter.setResult(undefined);
}

/** The futures. @throws TypeError if it is something else */
function checkFutures<F extends Future>(name: string, futures: Iterable<F>): F[] {
  checkList(name, futures);
  const list = [...futures];
  for (const each of list) {
    if (isFuture(each)) continue;
    throw new TypeError(
      `${name}() takes futures and tasks, not ${formatValue(each)}: make a task of it with createTask()`,
    );
  }
  return list;
}
