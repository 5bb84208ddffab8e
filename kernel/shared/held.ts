/**
 * Code that calls the kernel again and again (it prints, it starts children) is in the kernel or in Node whenever an
 * interrupt looks at it, and must not be torn there. So it is held at the end of such a call, where nothing is lost.
 */
import { executionAsyncId } from 'node:async_hooks';

/** Code that is held goes on after this long (ms) if nobody has torn it. */
const PATIENCE = 5000;
/** The thread waits in moments (ms), between which it can be torn. */
const MOMENT = 1;

const never = new Int32Array(new SharedArrayBuffer(4));

/** The callback (its async id) that is to be held at its next call. */
let wanted: number | undefined;
let isWaiting = false;

/** The next call of the kernel by this callback, in which an interrupt has found the user's code stuck, is its last. */
export function holdNext(callback: number): void {
  wanted = callback;
}

/** Nothing is to be held any more, and what is held goes on. */
export function letGo(): void {
  wanted = undefined;
  isWaiting = false;
}

/** Whether the running code is held: it can be torn without a loss. */
export function isHeld(): boolean {
  return isWaiting;
}

/** Whether the running code will be held: it need not wait for anything before that. */
export function isToBeHeld(): boolean {
  return wanted !== undefined && wanted === executionAsyncId();
}

/** To be called at the end of what code of cells may call without end. */
export function holdIfWanted(): void {
  if (isToBeHeld()) hold();
}

/** Waits to be torn. */
export function hold(): void {
  isWaiting = true;
  const until = performance.now() + PATIENCE;
  while (isWaiting && performance.now() < until) Atomics.wait(never, 0, 0, MOMENT);
  letGo();
}
