/** tsloop: an asyncio-style event loop. All times are in seconds. */
export { EventLoop, type CreateTaskOptions, type TaskFactory } from './loop.ts';
export { run, Runner, type RunnerOptions } from './run.ts';
export { ThreadPoolExecutor, type Executor, type ThreadPoolOptions } from './executor.ts';
export { fromPromise, type FromPromiseOptions } from './from-promise.ts';
export { callThreadsafe } from './threadsafe.ts';
export { reportUnretrieved } from './never-retrieved.ts';
export type { BaseLoop, LoopOptions } from './base-loop.ts';
export type { ExceptionContext, ExceptionHandler } from './exception-handler.ts';
export { Handle, TimerHandle } from './handle.ts';
export { Future, isFuture, type AbstractEventLoop, type DoneCallback, type FutureOptions } from './future.ts';
export { Task, type TaskCode, type TaskOptions } from './task.ts';
export { allTasks, createTask, currentTask, ensureFuture, type OnLoop } from './tasks.ts';
export { getEventLoop, getRunningLoop, newEventLoop, setEventLoop } from './policy.ts';
export { sleep, type SleepOptions } from './sleep.ts';
export { kw, Keywords, partial } from './partial.ts';
export {
  BrokenBarrierError,
  CancelledError,
  InvalidStateError,
  KeyboardInterrupt,
  LoopRuntimeError,
  QueueEmpty,
  QueueFull,
  TimeoutError,
  ValueError,
} from './errors.ts';
export {
  Trace,
  type TraceEvent,
  type TraceKind,
  type TraceOptions,
  type TraceOutcome,
  type TraceTask,
} from './trace.ts';
export type { Site } from './creation-stack.ts';
export type { Awaitable } from './awaitable.ts';
export type { Clock } from './clock.ts';
export type { ContextKeeper } from './context.ts';
export type { Driver } from './driver.ts';
export type { Step } from './turnstile.ts';

// Waiting for several things, and for a limited time
export { gather, type GatherOptions, type ResultOf } from './gather.ts';
export {
  ALL_COMPLETED,
  FIRST_COMPLETED,
  FIRST_EXCEPTION,
  wait,
  type ReturnWhen,
  type WaitForFuturesOptions,
} from './wait.ts';
export { waitFor } from './wait-for.ts';
export { shield } from './shield.ts';
export { asCompleted, type AsCompletedOptions, type CompletedResults } from './as-completed.ts';
export { Timeout, timeout, timeoutAt } from './timeout.ts';
export { TaskGroup } from './task-group.ts';
export type { WaitOptions } from './abort.ts';

// Synchronization
export type { Held } from './acquirable.ts';
export { Lock } from './lock.ts';
export { Event } from './event.ts';
export { Condition } from './condition.ts';
export { BoundedSemaphore, Semaphore } from './semaphore.ts';
export { Barrier } from './barrier.ts';
export { Queue } from './queue.ts';
export { PriorityQueue } from './priority-queue.ts';
export { LifoQueue } from './lifo-queue.ts';
export type { Comparator } from './compare.ts';
