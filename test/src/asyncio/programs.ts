/** The programs of traces.py, each under the same name, line by line as there. */
import {
  ALL_COMPLETED,
  asCompleted,
  Barrier,
  CancelledError,
  Condition,
  createTask,
  currentTask,
  Event,
  FIRST_COMPLETED,
  FIRST_EXCEPTION,
  gather,
  getRunningLoop,
  Lock,
  Queue,
  Semaphore,
  shield,
  sleep,
  TaskGroup,
  timeout,
  TimeoutError,
  wait,
  waitFor,
  type EventLoop,
  type Future,
  type Task,
} from '../../../src/index.ts';

/** What a program says, each line with the iteration or with the time. */
export class Log {
  readonly lines: string[] = [];
  readonly #loop: EventLoop;
  readonly #counts: boolean;
  #iteration = 0;

  constructor(loop: EventLoop, counts: boolean) {
    this.#loop = loop;
    this.#counts = counts;
    if (counts) loop.callSoon(this.#count);
  }

  readonly #count = (): void => {
    this.#iteration++;
    this.#loop.callSoon(this.#count);
  };

  say(text: string): void {
    const at = this.#counts ? this.#iteration : `${this.#loop.time()} s`;
    this.lines.push(`${at}: ${text}`);
  }
}

export interface Program {
  /** Lines carry the iteration, not the time. */
  readonly counts: boolean;
  readonly run: (log: Log) => Promise<void>;
}

const programs: Record<string, Program> = {};
function steps(name: string, run: (log: Log) => Promise<void>): void {
  programs[name] = { counts: true, run };
}
function times(name: string, run: (log: Log) => Promise<void>): void {
  programs[name] = { counts: false, run };
}
export default programs;

export function nameOf(error: unknown): string {
  if (error instanceof AggregateError) return `${error.errors.map(nameOf).join('+')} in a group`;
  const { name, message } = error as Error;
  return name === 'Error' ? `Error(${message})` : name;
}

async function pause(iterations: number): Promise<void> {
  for (let i = 0; i < iterations; i++) await sleep(0);
}

async function attempt<T>(log: Log, name: string, run: () => PromiseLike<T>): Promise<T> {
  let result: T;
  try {
    result = await run();
  } catch (error) {
    log.say(`${name}: ${nameOf(error)}`);
    throw error;
  }
  log.say(`${name}: ${result === undefined ? 'done' : String(result)}`);
  return result;
}

function worker(log: Log, name: string, iterations: number, error?: string): () => Promise<string> {
  return async () => {
    log.say(`${name} begins`);
    try {
      await pause(iterations);
    } catch (caught) {
      if (caught instanceof CancelledError) log.say(`${name} is cancelled`);
      throw caught;
    }
    log.say(`${name} ends`);
    if (error !== undefined) throw new Error(error);
    return name;
  };
}

async function settle(tasks: Iterable<Future>): Promise<void> {
  await wait(tasks, { returnWhen: ALL_COMPLETED });
}

function start<T>(...codes: Array<() => Promise<T>>): Array<Task<T>> {
  return codes.map((code) => createTask(code));
}

function get<T>(list: readonly T[], i: number): T {
  return list[i] as T;
}

// ---- gather ----

steps('gather_waits_for_all', async (log) => {
  const result = await gather(worker(log, 'a', 3), worker(log, 'b', 1), worker(log, 'c', 2));
  log.say(result.join(' '));
});

steps('gather_of_nothing', async (log) => {
  log.say(String((await gather()).length));
});

steps('gather_with_a_done_future_before_a_coroutine', async (log) => {
  const future = getRunningLoop().createFuture<string>();
  future.setResult('done');
  future.addDoneCallback(() => log.say('callback'));
  const result = await gather(future, worker(log, 'a', 0), future);
  log.say(result.join(' '));
});

steps('gather_gives_the_first_error_at_once', async (log) => {
  try {
    await gather(worker(log, 'a', 3), worker(log, 'b', 1, 'no'), worker(log, 'c', 2, 'never'));
  } catch (error) {
    log.say(nameOf(error));
  }
  await pause(4);
});

steps('gather_collects_errors', async (log) => {
  const tasks = start(worker(log, 'a', 3), worker(log, 'b', 1, 'no'), worker(log, 'c', 9));
  getRunningLoop().callSoon(() => get(tasks, 2).cancel());
  const result = await gather(...tasks, { returnExceptions: true });
  log.say(result.map((each) => (typeof each === 'string' ? each : nameOf(each))).join(' '));
});

steps('gather_with_a_cancelled_child', async (log) => {
  const tasks = start(worker(log, 'a', 5), worker(log, 'b', 5));
  const gathered = gather(...tasks);
  await pause(2);
  get(tasks, 0).cancel();
  try {
    await gathered;
  } catch (error) {
    if (error instanceof CancelledError) log.say(`cancelled: ${gathered.cancelled()}`);
  }
  await pause(4);
});

steps('gather_cancelled_by_its_task', async (log) => {
  for (const returnExceptions of [false, true]) {
    const outer = async (): Promise<void> => {
      const both = [worker(log, 'a', 9), worker(log, 'b', 9)] as const;
      await (returnExceptions ? gather(...both, { returnExceptions }) : gather(...both));
    };
    const task = createTask(() => attempt(log, 'outer', outer));
    await pause(3);
    log.say(`cancel ${task.cancel()}`);
    await settle([task]);
    log.say(`task cancelled ${task.cancelled()}`);
  }
});

steps('gather_cancelled_when_all_children_are_done', async (log) => {
  const tasks = start(worker(log, 'a', 1));
  const gathered = gather(...tasks);
  await settle(tasks);
  log.say(`cancel ${gathered.cancel()} done ${gathered.done()}`);
  log.say((await gathered).join(' '));
  log.say(`cancel ${gathered.cancel()}`);
});

// ---- wait, waitFor, shield, asCompleted ----

steps('wait_for_all', async (log) => {
  const tasks = start(worker(log, 'a', 2), worker(log, 'b', 0));
  let [done, pending] = await wait(tasks);
  log.say(`${done.size} ${pending.size}`);
  [done, pending] = await wait(tasks);
  log.say(`again ${done.size} ${pending.size}`);
});

steps('wait_for_the_first', async (log) => {
  const tasks = start(worker(log, 'a', 3), worker(log, 'b', 1), worker(log, 'c', 1));
  const [done, pending] = await wait(tasks, { returnWhen: FIRST_COMPLETED });
  log.say(`${done.size} ${pending.size}`);
  await settle(tasks);
});

steps('wait_for_the_first_error', async (log) => {
  const tasks = start(worker(log, 'a', 9), worker(log, 'b', 2, 'no'), worker(log, 'c', 9));
  await pause(1);
  get(tasks, 2).cancel();
  const [done, pending] = await wait(tasks, { returnWhen: FIRST_EXCEPTION });
  log.say(`${done.size} ${pending.size}`);
  log.say(nameOf(get(tasks, 1).exception()));
  await settle(tasks);
});

times('wait_with_a_timeout', async (log) => {
  const slow = (): Promise<void> => attempt({ say() {} } as never, '', () => sleep(5));
  const tasks = start(slow, slow);
  for (const limit of [1, 0, 9]) {
    const [done, pending] = await wait(tasks, { timeout: limit });
    log.say(`${done.size} ${pending.size}`);
  }
});

steps('wait_for_in_time', async (log) => {
  log.say(await waitFor(worker(log, 'a', 1), 10));
  log.say(await waitFor(worker(log, 'b', 1), null));
  const future = getRunningLoop().createFuture<string>();
  future.setResult('done');
  log.say(await waitFor(future, 0));
  log.say(await waitFor(future, 10));
});

steps('wait_for_no_time', async (log) => {
  for (const limit of [0, -1]) {
    try {
      await waitFor(worker(log, 'never', 1), limit);
    } catch (error) {
      log.say(`${nameOf(error)} because of ${nameOf((error as Error).cause)}`);
    }
  }
});

times('wait_for_too_long', async (log) => {
  const inner = async (ending: string): Promise<string> => {
    try {
      await sleep(100);
      return 'never';
    } catch (error) {
      log.say('inner is cancelled');
      await sleep(2);
      log.say('inner has cleaned up');
      if (ending === 'swallows') return 'swallowed';
      throw ending === 'fails' ? new Error('in the clean-up') : error;
    }
  };
  for (const ending of ['obeys', 'swallows', 'fails']) {
    await attempt(log, ending, () => waitFor(() => inner(ending), 3)).catch(() => {});
  }
});

steps('wait_for_that_is_cancelled', async (log) => {
  const inner = async (ending: string): Promise<string> => {
    try {
      await pause(9);
      return 'never';
    } catch (error) {
      log.say('inner is cancelled');
      await pause(2);
      log.say('inner has cleaned up');
      if (ending === 'swallows') return 'swallowed';
      throw error;
    }
  };
  for (const ending of ['obeys', 'swallows']) {
    const task = createTask(() => attempt(log, ending, () => waitFor(() => inner(ending), 10)));
    await pause(3);
    task.cancel();
    await settle([task]);
  }
});

steps('wait_for_that_is_cancelled_when_done', async (log) => {
  const future = getRunningLoop().createFuture<string>();
  const task = createTask(() => attempt(log, 'outer', () => waitFor(future, 10)));
  await pause(2);
  future.setResult('result');
  task.cancel();
  await settle([task]);
});

steps('shield_of_a_task', async (log) => {
  const inner = createTask(worker(log, 'inner', 6));
  const task = createTask(() => attempt(log, 'outer', () => shield(inner)));
  await pause(2);
  task.cancel();
  await settle([task]);
  log.say(await inner);
  log.say(`the same ${shield(inner) === inner}`);
});

steps('shield_whose_inner_is_cancelled', async (log) => {
  const inner = createTask(worker(log, 'inner', 6));
  const outer = shield(inner);
  await pause(2);
  inner.cancel();
  try {
    await outer;
  } catch {
    log.say(`${outer.cancelled()}`);
  }
});

steps('as_completed_in_order', async (log) => {
  const tasks = start(worker(log, 'a', 3), worker(log, 'b', 1), worker(log, 'c', 1));
  for await (const each of asCompleted(tasks)) log.say(each);
});

times('as_completed_with_a_timeout', async (log) => {
  const slow = async (name: string, delay: number): Promise<string> => {
    await sleep(delay);
    return name;
  };
  const tasks = start(
    () => slow('a', 1),
    () => slow('b', 9),
    () => slow('c', 9),
  );
  for (const each of asCompleted(tasks, { timeout: 4 })) {
    try {
      log.say(await each);
    } catch (error) {
      if (error instanceof TimeoutError) log.say('TimeoutError');
    }
  }
});

// ---- timeout ----

times('timeout_that_is_met', async (log) => {
  const cancelling = (): string => `cancelling ${currentTask()?.cancelling()}`;
  const body = async (delay: number, limit: number | null): Promise<void> => {
    const scope = timeout(limit);
    try {
      await scope.with(async () => {
        try {
          await sleep(delay);
        } catch (error) {
          log.say(cancelling());
          throw error;
        }
      });
    } catch (error) {
      log.say(`because of ${nameOf((error as Error).cause)}`);
    }
    log.say(`expired ${scope.expired()} ${cancelling()}`);
  };
  await body(1, 2);
  await body(2, 1);
  await body(2, null);
  await body(0, 0);
  await body(1, -1);
});

times('timeouts_in_each_other', async (log) => {
  for (const [outerLimit, innerLimit] of [
    [1, 2],
    [2, 1],
    [1, 1],
  ] as const) {
    const outer = timeout(outerLimit);
    const inner = timeout(innerLimit);
    try {
      await outer.with(async () => {
        try {
          await inner.with(() => sleep(10));
        } catch (error) {
          log.say(`inner ${nameOf(error)}`);
          throw error;
        }
      });
    } catch (error) {
      log.say(`outer ${nameOf(error)}`);
    }
    log.say(`${outer.expired()} ${inner.expired()}`);
  }
});

times('timeout_that_is_moved', async (log) => {
  const loop = getRunningLoop();
  try {
    await timeout(1).with(async (scope) => {
      scope.reschedule(loop.time() + 5);
      await sleep(3);
      log.say('still there');
      scope.reschedule(loop.time() - 1);
      log.say(`expired ${scope.expired()}`);
      await sleep(3);
    });
  } catch (error) {
    log.say(nameOf(error));
  }
});

times('timeout_and_a_cancel_from_elsewhere', async (log) => {
  for (const moment of [0.5, 1]) {
    const task = createTask(() => attempt(log, `at ${moment}`, () => timeout(1).with(() => sleep(10))));
    await sleep(0);
    getRunningLoop().callLater(moment, () => task.cancel());
    await settle([task]);
    log.say(`cancelled ${task.cancelled()} cancelling ${task.cancelling()}`);
  }
});

times('timeout_whose_cancellation_is_swallowed', async (log) => {
  const scope = timeout(1);
  await scope.with(async () => {
    try {
      await sleep(10);
    } catch {
      log.say('swallowed');
    }
  });
  log.say(`expired ${scope.expired()} cancelling ${currentTask()?.cancelling()}`);
  try {
    await timeout(1).with(async () => {
      try {
        await sleep(10);
      } catch {
        throw new Error('another');
      }
    });
  } catch (error) {
    log.say(nameOf(error));
  }
});

// ---- TaskGroup ----

steps('group_waits_for_its_tasks', async (log) => {
  const a = await new TaskGroup().with(async (group) => {
    const task = group.createTask(worker(log, 'a', 3));
    group.createTask(worker(log, 'b', 1));
    log.say('body ends');
    return [task];
  });
  log.say(get(a, 0).result());
  await new TaskGroup().with(async () => log.say('nothing'));
  log.say('no wait');
});

steps('group_whose_task_fails', async (log) => {
  try {
    await new TaskGroup().with(async (group) => {
      group.createTask(worker(log, 'a', 9));
      group.createTask(worker(log, 'b', 1, 'no'));
      await pause(9);
      log.say('never');
    });
  } catch (error) {
    log.say(nameOf(error));
  }
  log.say(`cancelling ${currentTask()?.cancelling()}`);
  await pause(1);
  log.say('goes on');
});

steps('group_whose_task_fails_after_the_body', async (log) => {
  try {
    await new TaskGroup().with(async (group) => {
      group.createTask(worker(log, 'a', 9));
      group.createTask(worker(log, 'b', 2, 'no'));
      group.createTask(worker(log, 'c', 2, 'neither'));
    });
  } catch (error) {
    log.say(nameOf(error));
  }
});

steps('group_whose_body_fails', async (log) => {
  try {
    await new TaskGroup().with(async (group) => {
      group.createTask(worker(log, 'a', 9));
      await pause(1);
      throw new Error('body');
    });
  } catch (error) {
    log.say(nameOf(error));
  }
});

steps('group_whose_parent_is_cancelled', async (log) => {
  const cleaner = async (): Promise<void> => {
    try {
      await pause(9);
    } finally {
      await pause(2);
      log.say('cleaned up');
    }
  };
  for (const waits of [false, true]) {
    const parent = (): Promise<void> =>
      new TaskGroup().with(async (group) => {
        group.createTask(worker(log, 'a', 9));
        group.createTask(cleaner);
        if (waits) await pause(9);
      });
    const task = createTask(() => attempt(log, 'parent', parent));
    await pause(3);
    task.cancel();
    await pause(1);
    task.cancel();
    await settle([task]);
    log.say(`cancelled ${task.cancelled()} cancelling ${task.cancelling()}`);
  }
});

steps('group_whose_task_fails_while_it_is_cancelled', async (log) => {
  const fails = async (): Promise<void> => {
    try {
      await pause(9);
    } catch {
      throw new Error('clean-up');
    }
  };
  const parent = (): Promise<void> =>
    new TaskGroup().with(async (group) => {
      group.createTask(fails);
    });
  const task = createTask(() => attempt(log, 'parent', parent));
  await pause(3);
  task.cancel();
  await settle([task]);
  log.say(`cancelled ${task.cancelled()}`);
});

steps('groups_in_each_other', async (log) => {
  try {
    await new TaskGroup().with(async (outer) => {
      outer.createTask(worker(log, 'a', 9));
      await new TaskGroup().with(async (inner) => {
        inner.createTask(worker(log, 'b', 2, 'inner'));
        inner.createTask(worker(log, 'c', 9));
      });
    });
  } catch (error) {
    log.say(nameOf(error));
  }
});

// ---- Lock, Event, Condition, Semaphore, Barrier ----

function holder(log: Log, lock: Lock | Semaphore, name: string, iterations: number): () => Promise<void> {
  const hold = async (): Promise<void> => {
    await lock.with(async () => {
      log.say(`${name} has it`);
      await pause(iterations);
      log.say(`${name} gives it back`);
    });
    log.say(`${name} is over`);
  };
  return () => attempt(log, name, hold);
}

steps('lock_is_handed_over_in_order', async (log) => {
  const lock = new Lock();
  const tasks = start(...['a', 'b', 'c'].map((name) => holder(log, lock, name, 1)));
  await settle(tasks);
  log.say(String(await lock.acquire()));
});

steps('lock_is_not_taken_by_who_did_not_wait', async (log) => {
  const lock = new Lock();
  await lock.acquire();
  const tasks = start(holder(log, lock, 'waiter', 0));
  await pause(1);
  lock.release();
  log.say(`locked ${lock.locked()}`);
  await lock.acquire();
  log.say('back');
  lock.release();
  await settle(tasks);
});

steps('lock_whose_waiters_are_cancelled', async (log) => {
  const lock = new Lock();
  await lock.acquire();
  const tasks = start(...['a', 'b', 'c'].map((name) => holder(log, lock, name, 1)));
  await pause(1);
  get(tasks, 1).cancel();
  await pause(1);
  lock.release();
  get(tasks, 0).cancel();
  await settle(tasks);
  log.say(`locked ${lock.locked()}`);
});

steps('lock_released_and_cancelled_at_once', async (log) => {
  const lock = new Lock();
  await lock.acquire();
  const tasks = start(holder(log, lock, 'a', 0));
  await pause(1);
  get(tasks, 0).cancel();
  lock.release();
  log.say(`locked ${lock.locked()}`);
  tasks.push(...start(holder(log, lock, 'b', 0)));
  await settle(tasks);
  log.say(`locked ${lock.locked()}`);
});

steps('event_wakes_all', async (log) => {
  const event = new Event();
  const waiter = (name: string) => async () => log.say(`${name} ${await event.wait()}`);
  const tasks = start(waiter('a'), waiter('b'));
  await pause(2);
  event.set();
  event.clear();
  tasks.push(...start(waiter('late')));
  await pause(4);
  event.set();
  await settle(tasks);
  await event.wait();
  log.say('no wait');
});

steps('event_whose_waiter_is_cancelled', async (log) => {
  const event = new Event();
  const tasks = start(...['a', 'b'].map((name) => () => attempt(log, name, () => event.wait())));
  await pause(1);
  event.set();
  get(tasks, 0).cancel();
  await settle(tasks);
});

steps('event_set_when_its_waiter_is_cancelled_already', async (log) => {
  const event = new Event();
  const tasks = start(...['a', 'b'].map((name) => () => attempt(log, name, () => event.wait())));
  await pause(1);
  get(tasks, 0).cancel();
  event.set();
  await settle(tasks);
});

steps('condition_wakes_some', async (log) => {
  const condition = new Condition();
  const waiter = (name: string) => () =>
    condition.with(async () => {
      const result = await condition.wait();
      log.say(`${name} ${result} ${condition.locked()}`);
      await pause(1);
    });
  const tasks = start(...['a', 'b', 'c', 'd'].map(waiter));
  await pause(1);
  await condition.with(async () => {
    condition.notify(2);
    await pause(2);
    log.say('leaves');
  });
  await pause(9);
  await condition.with(() => condition.notifyAll());
  await settle(tasks);
});

steps('condition_with_a_predicate', async (log) => {
  const condition = new Condition();
  let value = 0;
  const waiter = (name: string, wanted: number) => () =>
    condition.with(async () => {
      const result = await condition.waitFor(() => value >= wanted && value);
      log.say(`${name} ${result}`);
    });
  const tasks = start(waiter('none', -1), waiter('two', 2), waiter('one', 1));
  for (let i = 0; i < 3; i++) {
    await pause(4);
    await condition.with(() => {
      value++;
      condition.notifyAll();
    });
  }
  await settle(tasks);
});

steps('condition_whose_waiter_is_cancelled', async (log) => {
  const condition = new Condition();
  const waiter = (name: string) => (): Promise<void> =>
    condition.with(async () => {
      try {
        await condition.wait();
      } finally {
        log.say(`${name} locked ${condition.locked()}`);
      }
    });
  const tasks = start(...['a', 'b'].map((name) => () => attempt(log, name, waiter(name))));
  await pause(2);
  await condition.acquire();
  get(tasks, 0).cancel();
  await pause(3);
  get(tasks, 0).cancel();
  await pause(3);
  condition.notify();
  log.say('gives it back');
  condition.release();
  await settle(tasks);
});

steps('condition_whose_waiter_is_cancelled_on_its_way_to_the_lock', async (log) => {
  const condition = new Condition();
  const waiter = (name: string) => (): Promise<void> =>
    condition.with(async () => {
      try {
        log.say(`${name} ${await condition.wait()}`);
      } finally {
        log.say(`${name} locked ${condition.locked()}`);
      }
    });
  const tasks = start(...['a', 'b'].map((name) => () => attempt(log, name, waiter(name))));
  await pause(1);
  await condition.with(async () => {
    condition.notifyAll();
    await pause(2);
    get(tasks, 0).cancel();
    await pause(2);
    log.say('gives it back');
  });
  await settle(tasks);
});

steps('semaphore_lets_some_through', async (log) => {
  const semaphore = new Semaphore(2);
  const tasks = start(...['a', 'b', 'c', 'd', 'e'].map((name) => holder(log, semaphore, name, 2)));
  await settle(tasks);
  log.say(`locked ${semaphore.locked()}`);
});

steps('semaphore_is_not_taken_by_who_did_not_wait', async (log) => {
  const semaphore = new Semaphore(1);
  await semaphore.acquire();
  const tasks = start(holder(log, semaphore, 'a', 1), holder(log, semaphore, 'b', 1));
  await pause(1);
  semaphore.release();
  log.say(`locked ${semaphore.locked()}`);
  await semaphore.acquire();
  log.say('back');
  semaphore.release();
  await settle(tasks);
});

steps('semaphore_whose_woken_waiter_is_cancelled', async (log) => {
  const semaphore = new Semaphore(0);
  const tasks = start(...['a', 'b', 'c'].map((name) => holder(log, semaphore, name, 0)));
  await pause(1);
  get(tasks, 1).cancel();
  semaphore.release();
  get(tasks, 0).cancel();
  await pause(6);
  log.say(`locked ${semaphore.locked()}`);
  semaphore.release();
  await settle(tasks);
});

steps('semaphore_released_several_times', async (log) => {
  const semaphore = new Semaphore(0);
  const tasks = start(...['a', 'b', 'c'].map((name) => () => attempt(log, name, () => semaphore.acquire())));
  await pause(1);
  for (let i = 0; i < 4; i++) semaphore.release();
  await settle(tasks);
  log.say(`locked ${semaphore.locked()}`);
});

steps('semaphore_released_before_the_next_comes', async (log) => {
  const semaphore = new Semaphore(0);
  const tasks = start(() => attempt(log, 'a', () => semaphore.acquire()));
  await pause(1);
  semaphore.release();
  semaphore.release();
  log.say(`locked ${semaphore.locked()}`);
  await attempt(log, 'late', () => semaphore.acquire());
  await settle(tasks);
  log.say(`locked ${semaphore.locked()}`);
});

steps('barrier_in_rounds', async (log) => {
  const barrier = new Barrier(2);
  const party = (name: string) => async () => {
    for (let turn = 0; turn < 2; turn++) {
      log.say(`${name} comes`);
      const index = await barrier.wait();
      log.say(`${name} passes ${turn} as ${index}`);
    }
  };
  await settle(start(...['a', 'b', 'c', 'd'].map(party)));
  log.say(`${barrier.nWaiting} ${barrier.broken}`);
});

const at = (log: Log, barrier: Barrier, names: readonly string[]): Array<() => Promise<number>> =>
  names.map((name) => () => attempt(log, name, () => barrier.wait()));

steps('barrier_that_is_reset', async (log) => {
  const barrier = new Barrier(3);
  const tasks = start(...at(log, barrier, ['a', 'b']));
  await pause(2);
  log.say(`waiting ${barrier.nWaiting}`);
  await barrier.reset();
  log.say(`reset, waiting ${barrier.nWaiting}`);
  await settle(tasks);
  await settle(start(...at(log, barrier, ['c', 'd', 'e'])));
});

steps('barrier_that_is_aborted', async (log) => {
  const barrier = new Barrier(2);
  const tasks = start(...at(log, barrier, ['a']));
  await pause(2);
  await barrier.abort();
  log.say(`broken ${barrier.broken}`);
  tasks.push(...start(...at(log, barrier, ['b'])));
  await settle(tasks);
  await barrier.reset();
  log.say(`broken ${barrier.broken}`);
});

steps('barrier_whose_waiter_is_cancelled', async (log) => {
  const barrier = new Barrier(2);
  const tasks = start(...at(log, barrier, ['a']));
  await pause(2);
  get(tasks, 0).cancel();
  await pause(3);
  log.say(`waiting ${barrier.nWaiting}`);
  tasks.push(...start(...at(log, barrier, ['b', 'c'])));
  await settle(tasks);
});

// ---- Queue ----

steps('queue_between_producer_and_consumers', async (log) => {
  const queue = new Queue<string>(1);
  const produce = async (): Promise<void> => {
    for (const item of 'abcd') {
      await queue.put(item);
      log.say(`put ${item}`);
    }
  };
  const consume = (name: string) => async () => {
    for (let i = 0; i < 2; i++) {
      log.say(`${name} got ${await queue.get()}`);
      await pause(1);
    }
  };
  await settle(start(produce, consume('x'), consume('y')));
});

steps('queue_whose_getters_are_cancelled', async (log) => {
  const queue = new Queue<string>();
  const tasks = start(...['x', 'y', 'z'].map((name) => () => attempt(log, name, () => queue.get())));
  await pause(1);
  get(tasks, 1).cancel();
  queue.putNowait('item');
  get(tasks, 0).cancel();
  await pause(4);
  log.say(`size ${queue.qsize()}`);
  queue.putNowait('more');
  await settle(tasks);
  log.say(`size ${queue.qsize()}`);
});

steps('queue_whose_putters_are_cancelled', async (log) => {
  const queue = new Queue<string>(1);
  queue.putNowait('first');
  const tasks = start(...['a', 'b', 'c'].map((name) => () => attempt(log, name, () => queue.put(name))));
  await pause(1);
  get(tasks, 1).cancel();
  log.say(`got ${queue.getNowait()}`);
  get(tasks, 0).cancel();
  await pause(4);
  log.say(`size ${queue.qsize()}`);
  await settle(tasks);
  log.say(`got ${queue.getNowait()}`);
});

steps('queue_whose_item_is_taken_by_somebody_else', async (log) => {
  const queue = new Queue<string>();
  const tasks = start(() => attempt(log, 'x', () => queue.get()));
  await pause(1);
  queue.putNowait('item');
  log.say(`got ${queue.getNowait()}`);
  await pause(3);
  queue.putNowait('second');
  await settle(tasks);
});

steps('queue_whose_room_is_taken_by_somebody_else', async (log) => {
  const queue = new Queue<string>(1);
  queue.putNowait('first');
  const tasks = start(() => attempt(log, 'x', () => queue.put('second')));
  await pause(1);
  log.say(`got ${queue.getNowait()}`);
  queue.putNowait('other');
  await pause(3);
  log.say(`got ${queue.getNowait()}`);
  await settle(tasks);
  log.say(`size ${queue.qsize()}`);
});

steps('queue_whose_cancelled_getter_wakes_nobody', async (log) => {
  const queue = new Queue<string>();
  const tasks = start(...['x', 'y', 'z'].map((name) => () => attempt(log, name, () => queue.get())));
  await pause(1);
  get(tasks, 0).cancel();
  queue.putNowait('one');
  tasks.push(...start(() => attempt(log, 'late', () => queue.get())));
  await pause(4);
  queue.putNowait('two');
  queue.putNowait('three');
  await settle(tasks);
});

steps('queue_that_is_joined', async (log) => {
  const queue = new Queue<string>();
  await queue.join();
  log.say('nothing to wait for');
  const consume = async (): Promise<void> => {
    for (;;) {
      const item = await queue.get();
      await pause(1);
      log.say(`did ${item}`);
      queue.taskDone();
    }
  };
  const tasks = start(consume);
  for (const item of 'ab') queue.putNowait(item);
  await queue.join();
  log.say('joined');
  get(tasks, 0).cancel();
  await settle(tasks);
});
