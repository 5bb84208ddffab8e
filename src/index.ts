/** tsloop: an asyncio-style event loop. All times are in seconds. */
export { EventLoop, type CallbackErrorContext, type LoopOptions } from './loop.ts';
export { Handle, TimerHandle } from './handle.ts';
export { getEventLoop, getRunningLoop, newEventLoop, setEventLoop } from './policy.ts';
export { sleep } from './sleep.ts';
export { kw, Keywords, partial } from './partial.ts';
export { CancelledError, KeyboardInterrupt, LoopRuntimeError, ValueError } from './errors.ts';
export {
  Trace,
  type TraceEvent,
  type TraceKind,
  type TraceOptions,
  type TraceOutcome,
  type TraceTask,
} from './trace.ts';
export type { Site } from './repr.ts';
export type { Awaitable } from './awaitable.ts';
export type { Clock } from './clock.ts';
export type { ContextKeeper } from './context.ts';
export type { Driver } from './driver.ts';
export type { Step } from './turnstile.ts';
