/**
 * Foreign work: what goes on outside of a loop and will call back into it, so that a virtual clock must
 * not run ahead of it.
 */

/** Of no length, or nothing that calls back. */
const IGNORED = new Set(['Immediate', 'CloseReq', 'TTYWrap']);

/**
 * Whether Node has requests, sockets or processes open that it did not have when the watch began. What
 * closes meanwhile is forgotten, so that the next one of its kind counts. Some work cannot be seen so:
 * that of worker threads and of Node's thread pool (zlib, crypto).
 */
export class HostWatch {
  readonly #countsTimers: boolean;
  #known: Map<string, number>;

  /** `countsTimers`: no, where there is a test runner, which has one of its own for every test. */
  constructor(countsTimers: boolean) {
    this.#countsTimers = countsTimers;
    this.#known = this.#count();
  }

  isBusy(): boolean {
    const found = this.#count();
    let busy = false;
    for (const [kind, number] of found) if (number > (this.#known.get(kind) ?? 0)) busy = true;
    this.#known = new Map(
      [...this.#known].map(([kind, number]) => [kind, Math.min(number, found.get(kind) ?? 0)]),
    );
    return busy;
  }

  #count(): Map<string, number> {
    const kinds = new Map<string, number>();
    // Experimental in Node up to now: without it nothing counts as work of the host.
    const info = process.getActiveResourcesInfo as (() => string[]) | undefined;
    for (const kind of info?.call(process) ?? []) {
      if (IGNORED.has(kind) || (kind === 'Timeout' && !this.#countsTimers)) continue;
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    }
    return kinds;
  }
}
