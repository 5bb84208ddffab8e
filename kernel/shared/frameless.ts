/**
 * What V8 runs with no function below it on the stack: microtasks, when Node has V8 go through their queue at the end
 * of a callback. V8's debugger does not expect that (`Debug::HandleDebugBreak` looks at the innermost function) and
 * ends the process with SIGSEGV when it is to pause just there, as it is when the heap is full. Until V8 13 it was always
 * inside of a microtask that it paused; since 14.6, of Node 26, it looks whether there is a function.
 */

const major = Number.parseInt(process.versions.node, 10);

/** Seen on Node 24.21 and 25.9. */
export const PAUSE_NEEDS_FUNCTION: boolean = major === 24 || major === 25;

/**
 * To be called in a callback: the microtasks behind it are run by Node's own JavaScript then, which runs ticks, and so
 * with a function below them. It does no harm where it is not needed.
 */
export function runMicrotasksInFunction(): void {
  if (PAUSE_NEEDS_FUNCTION) process.nextTick(() => undefined);
}
