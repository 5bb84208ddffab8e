/**
 * Foreign work: what goes on outside of a loop and will call back into it, so that a virtual clock must
 * not run ahead of it.
 */

/** Of no length, or nothing that calls back. */
const IGNORED = new Set(['Immediate', 'CloseReq', 'TTYWrap']);

/**
 * Whether Node has timers, requests or sockets open that it did not have when the watch began. What
 * closes meanwhile is forgotten, so that the next one of its kind counts. Some work cannot be seen so:
 * that of worker threads and of Node's thread pool (zlib, crypto).
 */
export class HostWatch {
  #known: Map<string, number> = count();

  isBusy(): boolean {
    const found = count();
    let busy = false;
    for (const [kind, number] of found) if (number > (this.#known.get(kind) ?? 0)) busy = true;
    this.#known = new Map(
      [...this.#known].map(([kind, number]) => [kind, Math.min(number, found.get(kind) ?? 0)]),
    );
    return busy;
  }
}

function count(): Map<string, number> {
  const kinds = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) {
    if (!IGNORED.has(kind)) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  return kinds;
}
