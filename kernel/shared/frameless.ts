/**
 * What V8 runs with no function below it on the stack: microtasks, when Node has V8 go through their queue at the end
 * of a callback. From V8 13 on it looks for interrupts between them, too. If its debugger is to pause there, as it is when
 * the heap is full, V8 13.6 and 14.1 end the process with SIGSEGV: `Debug::HandleDebugBreak` takes it that there is an
 * innermost function. V8 14.6, of Node 26, pauses.
 */

// Cells may replace it.
const { nextTick } = process;

const major = Number.parseInt(process.versions.node, 10);

/** Seen on Node 24.21 and 25.9. */
export const PAUSE_NEEDS_FUNCTION: boolean = major === 24 || major === 25;

/**
 * To be called in a callback: the microtasks behind it are run by Node's own JavaScript then, which runs ticks, and so
 * with a function below them. It does no harm where it is not needed.
 */
export function runMicrotasksInFunction(): void {
  if (PAUSE_NEEDS_FUNCTION) nextTick(() => undefined);
}
