/**
 * Whether a thread sits in a call that waits for a child process (execFileSync and its like): it answers nothing
 * then, and the only way to stop it is to stop the child. Known to two threads.
 */

/** Where in the shared memory: the number of the call that the thread is in, 0 for none; when it began, in ms after
 * the start of the process; the number of the last call whose child was told to end; 1 when no
 * further call is to begin; how many interrupts have begun or ended. */
const [CALL, SINCE, STOPPED, REFUSED, TURN] = [0, 1, 2, 3, 4];

/** Milliseconds since the start of the process: the same in all of its threads. */
function now(): number {
  return Math.floor(process.uptime() * 1000);
}

export class Blocked {
  /** Shared between the threads. */
  readonly shared: Int32Array;
  #calls = 0;

  constructor(shared: Int32Array = new Int32Array(new SharedArrayBuffer(20))) {
    this.shared = shared;
  }

  /** The thread is about to wait. @returns the number of the call, for {@link leave} */
  enter(): number {
    const call = ++this.#calls;
    Atomics.store(this.shared, SINCE, now());
    Atomics.store(this.shared, CALL, call);
    return call;
  }

  /** Whether no call is to begin: this thread is being stopped, and has not ended with the call that was. */
  get isRefused(): boolean {
    return Atomics.load(this.shared, REFUSED) === 1;
  }

  /** The wait is over. @returns whether that is because the child was told to end */
  leave(call: number): boolean {
    Atomics.store(this.shared, CALL, 0);
    return Atomics.load(this.shared, STOPPED) === call;
  }

  /** To be called by the other thread: the number of the call that goes on, and for how long (s) it has. */
  get current(): { readonly call: number; readonly seconds: number } | undefined {
    const call = Atomics.load(this.shared, CALL);
    if (call === 0) return undefined;
    return { call, seconds: (now() - Atomics.load(this.shared, SINCE)) / 1000 };
  }

  /** Another number with each begin and each end of an interrupt. */
  get turn(): number {
    return Atomics.load(this.shared, TURN);
  }

  /** To be called by the other thread at the begin and at the end of an interrupt: calls may begin. */
  reset(): void {
    Atomics.add(this.shared, TURN, 1);
    this.refuse(false);
  }

  /** To be called by the other thread. */
  refuse(isRefused: boolean): void {
    Atomics.store(this.shared, REFUSED, isRefused ? 1 : 0);
  }

  /** To be called by the other thread when it has told the child of this call to end. */
  stopped(call: number): void {
    Atomics.store(this.shared, STOPPED, call);
  }
}
