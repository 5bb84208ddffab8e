/**
 * Whether a thread runs the part of a cell that runs at once, before anything that it awaits: below it there is nothing
 * of Node's that counts. Known to two threads.
 */
export class AtOnce {
  /** Shared between the threads: 1 when it does. */
  readonly shared: Int32Array;

  constructor(shared: Int32Array = new Int32Array(new SharedArrayBuffer(4))) {
    this.shared = shared;
  }

  begin(): void {
    Atomics.store(this.shared, 0, 1);
  }

  end(): void {
    Atomics.store(this.shared, 0, 0);
  }

  /** To be called by the other thread. */
  get isRunning(): boolean {
    return Atomics.load(this.shared, 0) === 1;
  }
}
