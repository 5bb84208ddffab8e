/**
 * Who writes to descriptors 1 and 2 past the runtime (children that inherit them are told of by children.ts): native
 * addons, WASI, and threads of the user's. What JavaScript writes by their numbers on this thread is raw-writes.ts's.
 */
import { isLoadingWhole } from '../shared/loading.ts';

/** What code must contain that brings any of them in, or has Node itself print something. */
const BRINGS = /\b(?:import|require|getBuiltinModule|process)\b/;

/** Whether a cell's code may bring in somebody who writes while it runs. */
export function mayBringWriters(code: string): boolean {
  return BRINGS.test(code);
}

/** Whether a cell's code may use WASI, whose programs print past everything that could be asked first. */
export function mayUseWasi(code: string): boolean {
  return /wasi/i.test(code);
}

/** @param found called when there is one, before it can have written anything; perhaps more than once */
export function watchRawWriters(found: () => void): void {
  const { dlopen } = process;
  process.dlopen = (...args: Parameters<typeof dlopen>): void => {
    // The kernel's own compilers print nothing.
    if (!isLoadingWhole()) found();
    Reflect.apply(dlopen, process, args);
  };
  process.on('worker', (worker) => {
    // Module hooks run in such a one.
    if (worker.constructor.name !== 'InternalWorker') found();
  });
}

let known = 0;
let isThere = false;

/** Whether anything has loaded `node:wasi`, whose programs write by themselves. Node says what it has loaded, and only adds to that. */
export function hasWasi(): boolean {
  const { moduleLoadList = [] } = process as { moduleLoadList?: readonly string[] };
  if (moduleLoadList.length === known) return isThere;
  known = moduleLoadList.length;
  isThere = moduleLoadList.includes('NativeModule wasi');
  return isThere;
}
