/** Which cell the code that runs right now belongs to, also in its timers, promises and callbacks. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { CellId, Payload } from '../bridge.ts';

/** One run of one cell. */
export interface Cell {
  readonly id: CellId;
  /** How its code is called in stacks: `In [3]`. */
  readonly label: string;
  /** Aborted when the user stops the cell. */
  readonly abort: AbortController;
  /** What its execute_reply carries. */
  readonly payload: Payload[];
  /** False once the reply has left; its callbacks may live on. */
  running: boolean;
}

const storage = new AsyncLocalStorage<Cell>();

let latest: Cell | undefined;

/** Runs `fn`, and all that it schedules, on behalf of the cell. */
export function enterCell<T>(cell: Cell, fn: () => T): T {
  latest = cell;
  return storage.run(cell, fn);
}

/** The cell of the running code; the latest one for code of unknown origin (native callbacks). */
export function currentCell(): Cell | undefined {
  return storage.getStore() ?? latest;
}

/** The captured owner of a callback: what {@link resumeCell} takes. */
export function captureCell(): Cell | undefined {
  return storage.getStore();
}

/** Runs a callback on behalf of the cell that scheduled it. */
export function resumeCell(cell: Cell | undefined, fn: (...args: never[]) => unknown, args: readonly unknown[]): unknown {
  const call = fn as (...args: unknown[]) => unknown;
  return storage.run(cell as Cell, () => call(...args));
}
