/**
 * Runs programs of the differential test on tsloop, under virtual time. The counterpart of
 * `interpreter.py`, method by method, which is why it is one long file: the two are read side by side.
 */
import {
  allTasks,
  asCompleted,
  Barrier,
  BoundedSemaphore,
  BrokenBarrierError,
  CancelledError,
  Condition,
  currentTask,
  Event,
  gather,
  InvalidStateError,
  LifoQueue,
  Lock,
  LoopRuntimeError,
  newEventLoop,
  PriorityQueue,
  Queue,
  QueueEmpty,
  QueueFull,
  Semaphore,
  shield,
  sleep,
  Task,
  TaskGroup,
  timeout,
  TimeoutError,
  ValueError,
  wait,
  waitFor,
  type EventLoop,
  type Future,
  type Handle,
  type Timeout,
} from '../../src/index.ts';
import { DeadlockError, virtualTime } from '../../src/testing/index.ts';
import {
  STATEMENT_LIMIT,
  TICKS_PER_SECOND,
  type Block,
  type Immediate,
  type Item,
  type Op,
  type Program,
  type Statement,
} from './program.ts';

const LONGEST_RUNS = 6;
const CLEANUPS = 4;

/** The error that programs raise. */
class Oops extends Error {
  readonly value: number;

  constructor(value: number) {
    super(`Oops(${value})`);
    this.value = value;
  }
}

const ERRORS: ReadonlyArray<readonly [kind: abstract new (...args: never[]) => Error, name: string]> = [
  [InvalidStateError, 'InvalidState'],
  [TimeoutError, 'Timeout'],
  [QueueEmpty, 'QueueEmpty'],
  [QueueFull, 'QueueFull'],
  [BrokenBarrierError, 'BrokenBarrier'],
  [ValueError, 'Value'],
  [TypeError, 'Type'],
  [LoopRuntimeError, 'Runtime'],
];

function showError(error: unknown): string {
  if (error instanceof Oops) return error.message;
  if (error instanceof CancelledError) {
    return error.reason === undefined ? 'Cancelled' : `Cancelled(${show(error.reason)})`;
  }
  if (error instanceof AggregateError) return `Group[${error.errors.map(showError).join(', ')}]`;
  const name = ERRORS.find(([kind]) => error instanceof kind)?.[1];
  return name ?? (error instanceof Error ? (error.stack ?? String(error)) : String(error));
}

function show(value: unknown): string {
  if (value === undefined || value === null) return 'none';
  if (Array.isArray(value)) return `[${value.map(show).join(', ')}]`;
  if (value instanceof Error) return showError(value);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function seconds(ticks: number): number;
function seconds(ticks: number | null): number | null;
function seconds(ticks: number | null): number | null {
  return ticks === null ? null : ticks / TICKS_PER_SECOND;
}

/** A coroutine that runs: its name, and the timeouts and groups it is in, innermost last. */
interface Context {
  readonly label: string;
  readonly timeouts: Timeout[];
  readonly groups: TaskGroup[];
}

/** The value of a return statement that has been come to. */
type Returned = { readonly value: number } | undefined;

type Perform<O extends Op> = (
  this: Interpreter,
  statement: Extract<Statement, { op: O }>,
  context: Context,
) => Promise<Returned>;
type Waiting = { readonly [O in Exclude<Op, Immediate['op']>]: Perform<O> };

/** Runs a program; resolves to what it has said. */
export async function interpret(program: Program): Promise<string[]> {
  return new Interpreter(program).run();
}

class Interpreter {
  readonly #program: Program;
  readonly #lines: string[] = [];
  readonly loop: EventLoop = newEventLoop(virtualTime());
  readonly slots: Array<Future | undefined> = [];
  readonly #handles: Handle[] = [];
  readonly variables: number[];
  readonly locks: Lock[];
  readonly semaphores: Semaphore[];
  readonly events: Event[];
  readonly conditions: Condition[];
  readonly queues: Array<Queue<number>>;
  readonly barriers: Barrier[];
  /** In the order in which they were first seen. */
  readonly tasks = new Map<Task, string>();
  readonly #labels = new Map<string, number>();
  #statements = 0;
  #isOver = false;

  constructor(program: Program) {
    const many = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);
    this.#program = program;
    this.variables = many(program.variables, () => 0);
    this.locks = many(program.locks, () => new Lock());
    this.semaphores = program.semaphores.map(({ value, bounded }) =>
      bounded ? new BoundedSemaphore(value) : new Semaphore(value),
    );
    this.events = many(program.events, () => new Event());
    this.conditions = many(program.conditions, () => new Condition());
    const kinds = { fifo: Queue, lifo: LifoQueue, priority: PriorityQueue };
    this.queues = program.queues.map(({ kind, size }) => new kinds[kind]<number>(size));
    this.barriers = program.barriers.map((parties) => new Barrier(parties));
  }

  log(label: string, text: string): void {
    if (!this.#isOver)
      this.#lines.push(`${Math.trunc(this.loop.time() * TICKS_PER_SECOND)} ${label} ${text}`);
  }

  newLabel(kind: string): string {
    const count = (this.#labels.get(kind) ?? 0) + 1;
    this.#labels.set(kind, count);
    return `${kind}${count}`;
  }

  register(task: Task | null, label: string): void {
    if (task !== null && !this.tasks.has(task)) this.tasks.set(task, label);
  }

  // ---- The whole ----

  async run(): Promise<string[]> {
    this.loop.setExceptionHandler((_loop, { message, exception }) => {
      if (message?.startsWith('Exception in callback')) this.log('handler', showError(exception));
    });
    const main = this.loop.createTask(() => this.body(0, 'main'), { name: 'main' });
    this.register(main, 'main');
    for (let run = 0; run < LONGEST_RUNS && (await this.#runUntil(main, 'run')); run++);
    for (let cleanup = 0; cleanup < CLEANUPS; cleanup++) {
      const pending = [...this.tasks.keys()].filter((task) => !task.done());
      if (pending.length === 0) break;
      this.log('cleanup', pending.map((task) => this.tasks.get(task)).join(', '));
      for (const task of pending) task.cancel();
      await this.#runUntil(
        this.loop.createTask(() => wait(pending)),
        'cleanup',
      );
    }
    for (const [task, label] of this.tasks) this.log('final', `${label} ${this.#state(task)}`);
    this.#isOver = true;
    this.loop.close();
    return this.#lines;
  }

  /** Resolves to true if it was stopped before the task was done. */
  async #runUntil(task: Task, label: string): Promise<boolean> {
    try {
      const value = await this.loop.runUntilComplete(task);
      this.log(label, `gives ${label === 'run' ? show(value) : 'none'}`);
    } catch (error) {
      if (error instanceof DeadlockError) this.log(label, 'deadlock');
      else if (task.done()) this.log(label, `raises ${showError(error)}`);
      else {
        this.log(label, 'stopped');
        return true;
      }
    }
    return false;
  }

  #state(future: Future): string {
    const text = !future.done()
      ? 'pending'
      : future.cancelled()
        ? 'cancelled'
        : future.exception() !== null
          ? `failed ${showError(future.exception())}`
          : `finished ${show(future.result())}`;
    return future instanceof Task ? `${text} cancelling ${future.cancelling()}` : text;
  }

  // ---- Coroutines ----

  async body(index: number, label: string): Promise<unknown> {
    this.register(currentTask(), label);
    this.log(label, 'starts');
    let returned: Returned;
    try {
      returned = await this.block(this.#program.bodies[index] ?? [], { label, timeouts: [], groups: [] });
    } catch (error) {
      this.log(label, `raises ${showError(error)}`);
      throw error;
    }
    this.log(label, `returns ${show(returned?.value)}`);
    return returned?.value;
  }

  /** Resolves to the value if it has come to a return. */
  async block(statements: Block, context: Context): Promise<Returned> {
    for (const statement of statements) {
      const returned = await this.#statement(statement, context);
      if (returned !== undefined) return returned;
    }
    return undefined;
  }

  #count(): void {
    if (++this.#statements > STATEMENT_LIMIT) throw new Oops(-1);
  }

  async #statement(statement: Statement, context: Context): Promise<Returned> {
    if (!(statement.op in WAITING)) {
      this.#immediate(statement as Immediate, context.label);
      return undefined;
    }
    this.#count();
    const perform = WAITING[statement.op as keyof Waiting] as Perform<Op>;
    return perform.call(this, statement as never, context);
  }

  // ---- What callbacks may do as well ----

  #callback(statements: readonly Immediate[], kind: string): () => void {
    const label = this.newLabel(kind);
    return () => {
      this.log(label, 'called');
      for (const statement of statements) this.#immediate(statement, label);
    };
  }

  #immediate(statement: Immediate, label: string): void {
    this.#count();
    if (statement.op === 'raise') {
      this.log(label, `throws ${statement.value}`);
      throw new Oops(statement.value);
    }
    try {
      this.log(label, `${statement.op} ${show(this.#perform(statement, label))}`);
    } catch (error) {
      if (error instanceof CancelledError) throw error;
      this.log(label, `${statement.op} fails ${showError(error)}`);
    }
  }

  #perform(s: Exclude<Immediate, { op: 'raise' }>, label: string): unknown {
    switch (s.op) {
      case 'log':
        return s.value;
      case 'inc':
        this.variables[s.variable] = (this.variables[s.variable] ?? 0) + 1;
        return undefined;
      case 'stop':
        return this.loop.stop();
      case 'who': {
        const task = currentTask(this.loop);
        const name = task === null ? 'none' : (this.tasks.get(task) ?? 'unnamed');
        return `${name} of ${allTasks(this.loop).size}`;
      }
      case 'soon':
        this.#handles[s.handle] = this.loop.callSoon(this.#callback(s.do, 'soon'));
        return undefined;
      case 'later':
        this.#handles[s.handle] = this.loop.callLater(seconds(s.after), this.#callback(s.do, 'later'));
        return undefined;
      case 'drop':
        return this.#handles[s.handle]?.cancel();
      case 'future':
        this.slots[s.slot] = this.loop.createFuture();
        return undefined;
      case 'spawn': {
        const name = this.newLabel('task');
        const task = this.loop.createTask(() => this.body(s.body, name), { name });
        this.register(task, name);
        this.slots[s.slot] = task;
        return undefined;
      }
      case 'gather': {
        const items = s.items.map((item) => this.item(item)).filter((item) => item !== undefined);
        this.slots[s.slot] = s.collect ? gather(...items, { returnExceptions: true }) : gather(...items);
        return undefined;
      }
      case 'shield': {
        const item = this.item(s.item);
        if (item !== undefined) this.slots[s.slot] = shield(item);
        return undefined;
      }
      case 'release':
        return this.locks[s.lock]?.release();
      case 'post':
        return this.semaphores[s.semaphore]?.release();
      case 'open':
        return this.events[s.event]?.set();
      case 'shut':
        return this.events[s.event]?.clear();
      case 'notify':
        return this.conditions[s.condition]?.notify(s.count);
      case 'notifyAll':
        return this.conditions[s.condition]?.notifyAll();
      case 'offer':
        return this.queues[s.queue]?.putNowait(s.value);
      case 'poll':
        return this.queues[s.queue]?.getNowait();
      case 'taskDone':
        return this.queues[s.queue]?.taskDone();
      case 'resetBarrier':
        this.loop.createTask(async () => this.barriers[s.barrier]?.reset());
        return undefined;
      case 'abortBarrier':
        this.loop.createTask(async () => this.barriers[s.barrier]?.abort());
        return undefined;
      default: {
        const future = this.slots[s.slot];
        return future === undefined ? 'empty' : this.#performOn(s, future, label);
      }
    }
  }

  #performOn(
    s: Extract<Immediate, { op: 'state' | 'cancel' | 'cancelIn' | 'uncancel' | 'set' | 'fail' | 'hook' }>,
    future: Future,
    label: string,
  ): unknown {
    switch (s.op) {
      case 'state':
        return this.#state(future);
      case 'cancel':
        return future.cancel(s.message);
      case 'cancelIn':
        this.#cancelIn(s.iterations, future, label);
        return undefined;
      case 'uncancel':
        return future instanceof Task ? future.uncancel() : 'no task';
      case 'set':
        return future.setResult(s.value);
      case 'fail':
        return future.setException(new Oops(s.value));
      case 'hook':
        return future.addDoneCallback(this.#callback(s.do, 'hook'));
      default:
        return s satisfies never;
    }
  }

  #cancelIn(iterations: number, future: Future, label: string): void {
    if (iterations > 0) this.loop.callSoon(() => this.#cancelIn(iterations - 1, future, label));
    else this.log(label, `cancels ${show(future.cancel())}`);
  }

  item(item: Item): Future | (() => Promise<unknown>) | undefined {
    if ('slot' in item) return this.slots[item.slot];
    const label = this.newLabel('item');
    return () => this.body(item.body, label);
  }

  filled(slots: readonly number[]): Array<Future> {
    return [...new Set(slots.map((slot) => this.slots[slot]).filter((future) => future !== undefined))];
  }

  /** Of several that are done already as_completed has the order of a set. */
  atMostOneDone(slots: readonly number[]): Array<Future> {
    const futures = this.filled(slots);
    const done = futures.filter((future) => future.done());
    return futures.filter((future) => !done.slice(1).includes(future));
  }
}

const WAITING: Waiting = {
  async return({ value }) {
    return { value };
  },

  async repeat(s, context) {
    for (let time = 0; time < s.times; time++) {
      const returned = await this.block(s.do, context);
      if (returned !== undefined) return returned;
    }
    return undefined;
  },

  async try(s, context) {
    const doIt = async (): Promise<Returned> => {
      try {
        return await this.block(s.do, context);
      } catch (error) {
        const kind = error instanceof CancelledError ? 'cancel' : 'error';
        if (s.catch !== 'all' && s.catch !== kind) throw error;
        this.log(context.label, `catches ${showError(error)}`);
        return await this.block(s.handler, context);
      }
    };
    // What a `finally` returns replaces an error that is on its way, in both languages.
    const outcome = await doIt().then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    );
    const returned = await this.block(s.finally, context);
    if (returned !== undefined) return returned;
    if ('error' in outcome) throw outcome.error;
    return outcome.value;
  },

  async sleep(s, context) {
    this.log(context.label, `slept ${show(await sleep(seconds(s.for), s.for))}`);
    return undefined;
  },

  async call(s, context) {
    this.log(context.label, `called ${show(await this.body(s.body, this.newLabel('call')))}`);
    return undefined;
  },

  async await(s, context) {
    const future = this.slots[s.slot];
    this.log(context.label, future === undefined ? 'empty' : `awaited ${show(await future)}`);
    return undefined;
  },

  async wait(s, context) {
    const futures = this.filled(s.slots);
    if (futures.length === 0) {
      this.log(context.label, 'empty');
      return undefined;
    }
    const parts = await wait(futures, { timeout: seconds(s.timeout), returnWhen: s.when });
    const names = parts.map((part) => futures.flatMap((future, index) => (part.has(future) ? [index] : [])));
    this.log(context.label, `waited ${show(names)}`);
    return undefined;
  },

  async waitFor(s, context) {
    const item = this.item(s.item);
    if (item === undefined) this.log(context.label, 'empty');
    else this.log(context.label, `waited for ${show(await waitFor(item, seconds(s.timeout)))}`);
    return undefined;
  },

  async asCompleted(s, context) {
    for (const next of asCompleted(this.atMostOneDone(s.slots), { timeout: seconds(s.timeout) })) {
      this.log(context.label, `completed ${show(await next)}`);
    }
    return undefined;
  },

  async timeout(s, context) {
    const limit = timeout(seconds(s.after));
    const returned = await limit.with(async () => {
      context.timeouts.push(limit);
      try {
        return await this.block(s.do, context);
      } finally {
        context.timeouts.pop();
      }
    });
    this.log(context.label, `in time ${show(limit.expired())}`);
    return returned;
  },

  async reschedule(s, context) {
    const when = s.after === null ? null : this.loop.time() + seconds(s.after);
    context.timeouts.at(-1)?.reschedule(when);
    return undefined;
  },

  async group(s, context) {
    const group = new TaskGroup();
    const returned = await group.with(async () => {
      context.groups.push(group);
      try {
        return await this.block(s.do, context);
      } finally {
        context.groups.pop();
      }
    });
    this.log(context.label, 'group done');
    return returned;
  },

  async child(s, context) {
    const group = context.groups.at(-1);
    if (group === undefined) {
      this.log(context.label, 'empty');
      return undefined;
    }
    const name = this.newLabel('child');
    const task = group.createTask(() => this.body(s.body, name), { name });
    this.register(task, name);
    this.slots[s.slot] = task;
    return undefined;
  },

  async lock(s, context) {
    return (this.locks[s.lock] as Lock).with(async () => {
      this.log(context.label, 'locked');
      return this.block(s.do, context);
    });
  },

  async acquire(s, context) {
    this.log(context.label, `acquired ${show(await this.locks[s.lock]?.acquire())}`);
    return undefined;
  },

  async semaphore(s, context) {
    return (this.semaphores[s.semaphore] as Semaphore).with(async () => {
      this.log(context.label, 'entered');
      return this.block(s.do, context);
    });
  },

  async down(s, context) {
    this.log(context.label, `down ${show(await this.semaphores[s.semaphore]?.acquire())}`);
    return undefined;
  },

  async waitEvent(s, context) {
    this.log(context.label, `event ${show(await this.events[s.event]?.wait())}`);
    return undefined;
  },

  async condition(s, context) {
    return (this.conditions[s.condition] as Condition).with(async () => {
      this.log(context.label, 'condition');
      return this.block(s.do, context);
    });
  },

  async waitCondition(s, context) {
    this.log(context.label, `notified ${show(await this.conditions[s.condition]?.wait())}`);
    return undefined;
  },

  async waitVariable(s, context) {
    const isReached = (): boolean => (this.variables[s.variable] ?? 0) >= s.atLeast;
    this.log(context.label, `reached ${show(await this.conditions[s.condition]?.waitFor(isReached))}`);
    return undefined;
  },

  async put(s, context) {
    this.log(context.label, `put ${show(await this.queues[s.queue]?.put(s.value))}`);
    return undefined;
  },

  async get(s, context) {
    this.log(context.label, `got ${show(await this.queues[s.queue]?.get())}`);
    return undefined;
  },

  async join(s, context) {
    this.log(context.label, `joined ${show(await this.queues[s.queue]?.join())}`);
    return undefined;
  },

  async barrier(s, context) {
    this.log(context.label, `barrier ${show(await this.barriers[s.barrier]?.wait())}`);
    return undefined;
  },
};
