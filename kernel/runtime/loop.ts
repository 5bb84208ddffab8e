/** The session's persistent loop: `getEventLoop()` in any cell returns it. */
import type { LoopOptions } from '../../src/base-loop.ts';
import { NodeDriver } from '../../src/driver.ts';
import { setWorkerHost } from '../../src/executor.ts';
import { installPersistentLoop } from '../../src/persistent.ts';
import { PreciseDriver } from '../../src/precise-driver.ts';
import { SwitchableClock, SwitchableDriver, TimeMode } from '../../src/testing/switchable-time.ts';
import { HOST } from '../bridge.ts';
import { captureCell, currentTask, resumeCell, scopeOfTask } from './cells.ts';
import { placeWorkerError } from './worker-errors.ts';

export interface SessionLoop {
  /** Rejects what the owner's code waits for, and cancels its tasks. Returns how many there were. */
  interrupt(owner: unknown, error: Error): number;
  /** Whether tasks that the owner waits for have been cancelled by that, and are not done yet. */
  isEnding(owner: unknown): boolean;
  /** Goes on after running code was torn out of the loop's step. */
  recover(): void;
  /**
   * From now on, until the owner goes real again, the time of the session's loops is virtual. If they cannot
   * go on, what the owner waits for ends with an error that says why.
   */
  goVirtual(owner: unknown): void;
  /** Harmless for an owner whose time is real. */
  goReal(owner: unknown): void;
}

/** What cells are compiled to call when they import, for functions that run in a worker thread. */
const WORKER_PRELUDE = `globalThis.${HOST} = { import: importFrom };`;

/** From now on callbacks run on behalf of the cell that scheduled them. */
export function installSessionLoop(): SessionLoop {
  setWorkerHost({ prelude: WORKER_PRELUDE, failed: placeWorkerError });
  const mode = new TimeMode();
  const virtualOwners = new Set<unknown>();
  const context = {
    capture: captureCell,
    run: (cell: unknown, fn: (...args: never[]) => unknown, args: readonly unknown[]) =>
      resumeCell(cell as ReturnType<typeof captureCell>, fn, args),
    scope: (cell: unknown, task: object) => scopeOfTask(cell as ReturnType<typeof captureCell>, task),
    task: currentTask,
  };
  const installed = installPersistentLoop({ context, ...timeOf(mode, false) }, (asked) =>
    timeOf(mode, true, asked),
  );
  return {
    interrupt: (owner, error) => installed.loop().interrupt(owner, error),
    isEnding: (owner) => installed.loop().isEnding(owner),
    recover: () => installed.loop().recover(),
    goVirtual: (owner) => {
      installed.loop()._taskPlaces ??= new WeakMap();
      // Cells of two subshells may overlap.
      virtualOwners.add(owner);
      if (mode.isVirtual) return;
      mode.goVirtual((_loop, error) => {
        for (const each of virtualOwners) installed.loop().interrupt(each, error);
      });
    },
    goReal: (owner) => {
      if (virtualOwners.delete(owner) && virtualOwners.size === 0) mode.goReal();
    },
  };
}

/** The time of one loop, which may be virtual for a while; none if it has been asked for a clock of its own. */
function timeOf(mode: TimeMode, isStrict: boolean, asked: LoopOptions = {}): LoopOptions {
  if (asked.clock !== undefined) return {};
  const clock = new SwitchableClock(mode);
  const RealDriver = asked.timerPrecision === 'high' ? PreciseDriver : NodeDriver;
  return {
    clock,
    driver: () => new SwitchableDriver(clock, isStrict, new RealDriver(clock, isStrict)),
    taskPlaces: mode.isVirtual,
  };
}
