/** What `%loop live` shows of event loops, as rows of tables: JSON, which the widget's page gets as it is. */
import type { Handle } from '../../src/handle.ts';
import type { EventLoop } from '../../src/loop.ts';
import { formatCallback } from '../../src/repr.ts';
import { SleepFuture, sleepOf } from '../../src/sleep-future.ts';
import type { Task } from '../../src/task.ts';
import { describeFuture, isTask } from '../../src/testing/deadlock.ts';
import { cut } from '../display/html.ts';
import { busyLoops, contentOf, MOST_SHOWN, nextOf, titleOf } from './loop-state.ts';

const TEXT_LENGTH = 120;

/** Type aliases, and no interfaces: only these are JSON to the compiler. */
export type TaskRow = {
  /** Names it to `TaskBook.find`. */
  readonly id: number;
  readonly name: string;
  /** The function that it runs. */
  readonly code: string;
  readonly state: 'new' | 'waits' | 'is being cancelled';
  readonly waitsFor: string;
  /** Seconds since it was seen first. */
  readonly age: number;
  /** Whether it was there before anybody looked. */
  readonly isOlder: boolean;
  /** `In [3]:2`, where it was made; empty where nobody noted that. */
  readonly place: string;
};

export type TimerRow = {
  /** Names it among those of its loop. */
  readonly id: number;
  /** In seconds. */
  readonly dueIn: number;
  readonly call: string;
  /** Where it was asked for, as of tasks. */
  readonly place: string;
};

export type LoopRows = {
  readonly title: string;
  /** Of the loop's clock, in seconds. */
  readonly time: number;
  /** See `nextOf`; null for undefined. */
  readonly next: number | null;
  /** What is called next; how many there are, and the first of them. */
  readonly readyCount: number;
  readonly ready: readonly string[];
  readonly timerCount: number;
  readonly timers: readonly TimerRow[];
  readonly taskCount: number;
  readonly tasks: readonly TaskRow[];
};

/** The tasks that have been shown, with what is to be remembered of them; it keeps none alive. */
export class TaskBook {
  readonly #known = new WeakMap<
    Task,
    { readonly id: number; readonly since: number; readonly isOlder: boolean }
  >();
  readonly #tasks = new Map<number, WeakRef<Task>>();
  #last = 0;
  #isFirst = true;

  /** The one of this number, as long as it is there. */
  find(id: number): Task | undefined {
    return this.#tasks.get(id)?.deref();
  }

  /** What all loops have at this moment. */
  rows(loops: readonly EventLoop[]): LoopRows[] {
    for (const [id, task] of this.#tasks) if (task.deref()?.done() !== false) this.#tasks.delete(id);
    const rows = busyLoops(loops).map((loop) => this.#loop(loop));
    this.#isFirst = false;
    return rows;
  }

  #loop(loop: EventLoop): LoopRows {
    const content = contentOf(loop);
    const { time, ready, timers, tasks } = content;
    const sleepers = new Map(
      tasks.flatMap((task) => task._waitedFor().map((future) => [future as unknown, task])),
    );
    const describe = (handle: Handle): string => {
      const sleep = sleepOf(handle);
      const task = handle._task as Task | null;
      if (task) return `a step of ${task.getName()}`;
      if (sleep === undefined) return formatCallback(handle._callback, handle._arguments());
      const sleeper = sleepers.get(sleep);
      return sleeper ? `the end of a sleep of ${sleeper.getName()}` : 'the end of a sleep';
    };
    return {
      title: titleOf(loop),
      time,
      next: nextOf(content) ?? null,
      readyCount: ready.length,
      ready: ready.slice(0, MOST_SHOWN).map((handle) => cut(describe(handle), TEXT_LENGTH)),
      timerCount: timers.length,
      timers: timers.slice(0, MOST_SHOWN).map((timer) => ({
        id: timer._number,
        dueIn: timer.when() - time,
        call: cut(describe(timer), TEXT_LENGTH),
        place: placeText(loop._placeOf(timer)),
      })),
      taskCount: tasks.length,
      tasks: tasks.slice(0, MOST_SHOWN).map((task) => this.#task(task, loop, time)),
    };
  }

  #task(task: Task, loop: EventLoop, time: number): TaskRow {
    let known = this.#known.get(task);
    if (known === undefined) {
      known = { id: ++this.#last, since: time, isOlder: this.#isFirst };
      this.#known.set(task, known);
      this.#tasks.set(known.id, new WeakRef(task));
    }
    const code = task.getCoro();
    const waited = task._waitedFor();
    return {
      id: known.id,
      name: cut(task.getName(), TEXT_LENGTH),
      code: typeof code === 'function' ? cut(formatCallback(code, []), TEXT_LENGTH) : 'a promise',
      state: task.cancelling() > 0 ? 'is being cancelled' : task._isStarted ? 'waits' : 'new',
      waitsFor: !task._isStarted
        ? 'its turn'
        : waited.length === 0
          ? 'a promise that is not of the loop'
          : cut(waited.map(describeWait).join(' and '), TEXT_LENGTH),
      age: Math.max(time - known.since, 0),
      isOlder: known.isOlder,
      place: placeText((loop._taskPlaces?.get(task) ?? task._madeAt)?.site() ?? null),
    };
  }
}

function describeWait(future: unknown): string {
  if (isTask(future)) return `task ${future.getName()}`;
  return future instanceof SleepFuture ? 'a sleep' : describeFuture(future);
}

function placeText(site: { readonly file: string; readonly line: number } | null): string {
  // Of a path the last part tells enough, in a row of a table.
  return site === null ? '' : `${site.file.replace(/^.*[\\/]/, '')}:${site.line}`;
}
