/** The session's persistent loop: `getEventLoop()` in any cell returns it. */
import { installPersistentLoop } from '../../src/persistent.ts';
import { captureCell, resumeCell } from './cells.ts';

export interface SessionLoop {
  /** Rejects what the owner's code waits for: run calls and sleeps. Returns how many there were. */
  interrupt(owner: unknown, error: Error): number;
  /** Goes on after running code was torn out of the loop's step. */
  recover(): void;
}

/** From now on callbacks run on behalf of the cell that scheduled them. */
export function installSessionLoop(): SessionLoop {
  const installed = installPersistentLoop({
    context: {
      capture: captureCell,
      run: (cell, fn, args) => resumeCell(cell as ReturnType<typeof captureCell>, fn, args),
    },
  });
  return {
    interrupt: (owner, error) => installed.loop().interrupt(owner, error),
    recover: () => installed.loop().recover(),
  };
}
