import assert from 'node:assert/strict';
import { newEventLoop, TimerHandle, type EventLoop, type ExceptionContext } from '../../src/index.ts';
import { reportUnretrieved } from '../../src/never-retrieved.ts';
import { virtualTime } from '../../src/testing/virtual-time.ts';

/**
 * Runs `main` on a loop of its own under virtual time. Fails if anything is left to report at the end:
 * errors of callbacks, and those of futures that nobody has asked for.
 */
export async function onVirtualLoop<T>(main: (loop: EventLoop) => Promise<T>): Promise<T> {
  const loop = newEventLoop(virtualTime());
  const reports: ExceptionContext[] = [];
  loop.setExceptionHandler((_loop, context) => reports.push(context));
  try {
    const value = await loop.runUntilComplete(() => main(loop));
    reportUnretrieved(loop);
    assert.deepEqual(reports, []);
    return value;
  } finally {
    loop.close();
  }
}

/** How many timers of the loop have not been called and not been cancelled. */
export function timersOf(loop: EventLoop): number {
  return loop._pendingHandles().filter((handle) => handle instanceof TimerHandle && !handle.cancelled())
    .length;
}
