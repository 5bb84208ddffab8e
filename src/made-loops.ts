/**
 * The loops that `newEventLoop` makes beside one that always runs, as in a notebook: for those who show what all of
 * them do. A loop that nobody has any more is gone from here, too.
 */
import type { EventLoop } from './loop.ts';

const made = new Set<WeakRef<EventLoop>>();
const numbers = new WeakMap<EventLoop, number>();
const listeners = new Set<(loop: EventLoop) => void>();
let count = 0;

/** Notes a loop that was just made. */
export function noteLoop(loop: EventLoop): void {
  // Here, and not when they end: a loop's end shall cost nothing.
  for (const reference of made) if (reference.deref()?.isClosed() !== false) made.delete(reference);
  made.add(new WeakRef(loop));
  numbers.set(loop, ++count);
  for (const listener of listeners) listener(loop);
}

/** Those that are not closed, in the order in which they were made. */
export function madeLoops(): EventLoop[] {
  const loops = [...made].map((reference) => reference.deref());
  return loops.filter((loop) => loop !== undefined && !loop.isClosed()) as EventLoop[];
}

/** @internal The listener is called with each loop that is made from now on. Returns what ends that. */
export function watchLoops(listener: (loop: EventLoop) => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** @internal What a loop is called among others: its class, and which it is of those that were made (`EventLoop 2`). */
export function loopName(loop: EventLoop): string {
  const number = numbers.get(loop);
  return number === undefined ? loop.constructor.name : `${loop.constructor.name} ${number}`;
}
