/** Libraries that the kernel loads when they are first needed: one that is torn while it loads stays broken for ever. */

let depth = 0;

/** Runs a load, during which no interrupt tears the thread: it ends by itself. */
export function loadWhole<T>(load: () => T): T {
  depth += 1;
  try {
    return load();
  } finally {
    depth -= 1;
  }
}

/** Whether such a load goes on. */
export function isLoadingWhole(): boolean {
  return depth > 0;
}
