/** Which loop runs now on this thread. */
import type { BaseLoop } from './base-loop.ts';

/** The run of a strict loop that goes on now; at most one per thread. */
export interface StrictRun {
  readonly loop: BaseLoop;
  /** See PersistentLoop.interrupt and PersistentLoop.recover. */
  interrupt(owner: unknown, error: Error): number;
  isEnding(owner: unknown): boolean;
  recover(): void;
}

let strictRun: StrictRun | null = null;

/** @internal The strict loop that is inside a run call on this thread. */
export function currentStrictRun(): StrictRun | null {
  return strictRun;
}

/** @internal */
export function setStrictRun(run: StrictRun | null): void {
  strictRun = run;
}

let findLoop: () => BaseLoop = () => {
  throw new TypeError('No loop policy is loaded.');
};

/** @internal Says which loop a future gets that is made without one. */
export function setLoopFinder(find: () => BaseLoop): void {
  findLoop = find;
}

/** @internal The running loop, else the current one. @throws RuntimeError without any */
export function loopForFuture(): BaseLoop {
  return findLoop();
}
