/** Which cell the code that runs right now belongs to, also in its timers, promises and callbacks. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { inspect } from 'node:util';
import type { CellId, Payload } from '../bridge.ts';

/** One run of one cell. */
export interface Cell {
  readonly id: CellId;
  /** Of cells that run at the same time (the main shell's, and those of subshells) each has another: 0, 1, … */
  readonly lane: number;
  /** How its code is called in stacks: `In [3]`. */
  readonly label: string;
  /** Aborted when the user stops the cell. */
  readonly abort: AbortController;
  /** What its execute_reply carries. */
  readonly payload: Payload[];
}

/** The code of a task of the loop: it runs for a cell, and can be told from the rest of that. */
class TaskScope {
  readonly cell: Cell | undefined;
  readonly task: object;
  constructor(cell: Cell | undefined, task: object) {
    this.cell = cell;
    this.task = task;
  }
}

const storage = new AsyncLocalStorage<Cell | TaskScope>();

function storedCell(): Cell | undefined {
  const stored = storage.getStore();
  return stored instanceof TaskScope ? stored.cell : stored;
}

/**
 * Up to Node 22 the storage hangs on hooks that V8 calls for each promise. V8 swallows the end of torn code in such a
 * hook while its debugger is on. To be called before code is torn.
 */
export function suspendStorage(): void {
  if ('enabled' in storage) storage.disable();
}

/** To be called when torn code has ended. What is stored is still there. */
export function resumeStorage(): void {
  // Any run turns it on; but one with what is stored already does nothing.
  if ('enabled' in storage) storage.run(new TaskScope(undefined, {}), () => {});
}

let latest: Cell | undefined;

/** Runs `fn`, and all that it schedules, on behalf of the cell. */
export function enterCell<T>(cell: Cell, fn: () => T): T {
  latest = cell;
  return storage.run(cell, fn);
}

/** The cell of the running code; the latest one for code of unknown origin (native callbacks). */
export function currentCell(): Cell | undefined {
  return storedCell() ?? latest;
}

/** The captured owner of a callback: what {@link resumeCell} takes. */
export function captureCell(): Cell | undefined {
  return storedCell();
}

/** The captured owner of a task's steps. */
export function scopeOfTask(cell: Cell | undefined, task: object): object {
  return new TaskScope(cell, task);
}

/** The task that the running code belongs to. */
export function currentTask(): object | null {
  const stored = storage.getStore();
  return stored instanceof TaskScope ? stored.task : null;
}

/** Runs a callback on behalf of the cell that scheduled it. */
export function resumeCell(
  cell: Cell | object | undefined,
  fn: (...args: never[]) => unknown,
  args: readonly unknown[],
): unknown {
  const call = fn as (...args: unknown[]) => unknown;
  return storage.run(cell as Cell, () => call(...args));
}

/** How Node, up to version 22, notes on promises and timers whose they are: properties that would be shown. */
const notes = new Set(['async_id_symbol', 'trigger_async_id_symbol', 'kResourceStore']);

function hideNotes(resource: object): void {
  for (const key of Object.getOwnPropertySymbols(resource)) {
    if (notes.has(key.description ?? '')) Object.defineProperty(resource, key, { enumerable: false });
  }
}

/** From now on promises, timers and immediates are shown as in a program that knows no cells. */
export function hideOwners(): void {
  const immediate = setImmediate(() => {});
  const timer = setTimeout(() => {}, 0);
  for (const sample of [Promise.resolve(), timer, immediate]) {
    const prototype = Object.getPrototypeOf(sample) as Record<symbol, unknown>;
    const original = prototype[inspect.custom] as ((this: object, ...args: unknown[]) => unknown) | undefined;
    Object.defineProperty(prototype, inspect.custom, {
      configurable: true,
      writable: true,
      value(this: object, ...args: unknown[]) {
        hideNotes(this);
        // An object that gives itself is shown as if it had no such method.
        return original ? original.apply(this, args) : this;
      },
    });
  }
  clearImmediate(immediate);
  clearTimeout(timer);
}
