/** The session's persistent loop: `getEventLoop()` in any cell returns it. */
import { installPersistentLoop } from '../../src/persistent.ts';
import { captureCell, currentTask, resumeCell, scopeOfTask } from './cells.ts';

export interface SessionLoop {
  /** Rejects what the owner's code waits for, and cancels its tasks. Returns how many there were. */
  interrupt(owner: unknown, error: Error): number;
  /** Whether tasks that the owner waits for have been cancelled by that, and are not done yet. */
  isEnding(owner: unknown): boolean;
  /** Goes on after running code was torn out of the loop's step. */
  recover(): void;
}

/** From now on callbacks run on behalf of the cell that scheduled them. */
export function installSessionLoop(): SessionLoop {
  const installed = installPersistentLoop({
    context: {
      capture: captureCell,
      run: (cell, fn, args) => resumeCell(cell as ReturnType<typeof captureCell>, fn, args),
      scope: (cell, task) => scopeOfTask(cell as ReturnType<typeof captureCell>, task),
      task: currentTask,
    },
  });
  return {
    interrupt: (owner, error) => installed.loop().interrupt(owner, error),
    isEnding: (owner) => installed.loop().isEnding(owner),
    recover: () => installed.loop().recover(),
  };
}
