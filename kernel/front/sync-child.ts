/** Stops the child process that the main thread waits for. */
import { spawn } from 'node:child_process';
import type { Blocked } from '../shared/blocked.ts';
import { copiesOf, interruptAgain } from '../shared/missed.ts';
import { AGE_ERROR, listProcesses, type Process, withDescendants } from './processes.ts';

/** The time (ms) that a program gets to end by itself on SIGINT, then on SIGTERM: as for commands of `!`. */
const GRACE = 2000;
/** A call whose child has been told to end is looked at this often (ms). */
const LOOK_AGAIN = 100;
/** A call behind one that was stopped gets this long (s). */
const CLEAN_UP_TIME = 1;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGKILL'] as const;

/** The child that the call has started: the youngest of this process's own group that is no older than the call. */
export function childOf(
  { pid: own, call }: { readonly pid: number; readonly call: { readonly seconds: number } },
  all: readonly Process[],
): Process | undefined {
  const group = all.find(({ pid }) => pid === own)?.group;
  return all
    .filter((each) => each.parent === own && each.group === group && each.age <= call.seconds + AGE_ERROR)
    .toSorted((a, b) => a.age - b.age || b.pid - a.pid)[0];
}

/**
 * What the call has started besides, and has no parent here any more: forked after the processes were listed, and left
 * behind by parents that were told to end.
 */
export function leftBehind(
  { pid: own, call }: { readonly pid: number; readonly call: { readonly seconds: number } },
  all: readonly Process[],
): number[] {
  const group = all.find(({ pid }) => pid === own)?.group;
  const isOfCall = ({ age }: Process): boolean => age <= call.seconds + AGE_ERROR;
  // Other children of this process may fork as well.
  const others = all.filter((each) => each.parent === own && !isOfCall(each)).map(({ pid }) => pid);
  const excluded = new Set([own, ...withDescendants(others, all)]);
  return all
    .filter((each) => each.group === group && isOfCall(each) && !excluded.has(each.pid))
    .map(({ pid }) => pid);
}

export class SyncChildren {
  readonly #blocked: Blocked;
  /** The last call whose child was told to end. */
  #call = 0;
  /** How many were, in this interrupt. */
  #stopped = 0;
  /** The processes of that call that were told so. */
  #told: readonly number[] = [];
  /** When it is looked again for what that call has left behind. */
  #nextLook = 0;

  constructor(blocked: Blocked) {
    this.#blocked = blocked;
  }

  /** Whether the main thread waits for a child right now. */
  get isWaiting(): boolean {
    return this.#blocked.current !== undefined;
  }

  /** To be called at the begin of an interrupt, and when it has been taken. */
  reset(): void {
    this.#stopped = 0;
    this.#blocked.reset();
  }

  /** Tells the child that is waited for to end, with all that it has started; harder after some seconds. */
  async stop(): Promise<void> {
    const current = this.#blocked.current;
    if (!current) return;
    if (current.call === this.#call) {
      await this.#stopLeftBehind(current);
      return;
    }
    // What is called next may be what a `finally` block cleans up with; a loop that catches everything goes on calling.
    if (this.#stopped > 0 && current.seconds < CLEAN_UP_TIME) return;
    const all = await listProcesses();
    // Not started yet, perhaps: the caller asks again.
    const child = childOf({ pid: process.pid, call: current }, all);
    if (!child || this.#blocked.current?.call !== current.call || this.#call === current.call) return;
    this.#call = current.call;
    this.#stopped += 1;
    if (this.#stopped > 1) this.#blocked.refuse(true);
    this.#blocked.stopped(current.call);
    this.#tell(withDescendants([child.pid], all));
  }

  /** A call goes on waiting when its child has ended, for whoever holds the other end of its pipes. */
  async #stopLeftBehind(current: { readonly call: number; readonly seconds: number }): Promise<void> {
    if (performance.now() < this.#nextLook) return;
    this.#nextLook = performance.now() + LOOK_AGAIN;
    const all = await listProcesses();
    if (all.some(({ pid }) => this.#told.includes(pid))) return;
    const left = leftBehind({ pid: process.pid, call: current }, all);
    if (left.length > 0 && this.#blocked.current?.call === current.call) this.#tell(left);
  }

  #tell(pids: readonly number[]): void {
    this.#told = pids;
    this.#nextLook = performance.now() + LOOK_AGAIN;
    const mayMiss = copiesOf(pids);
    this.#signal(pids, 0);
    interruptAgain(mayMiss);
  }

  #signal(pids: readonly number[], step: number): void {
    const signal = SIGNALS[step];
    if (signal === undefined) return;
    if (process.platform === 'win32') {
      // Windows knows no signals for a tree of processes, only its end.
      const args = ['/pid', String(pids[0]), '/T', '/F'];
      spawn('taskkill', args, { stdio: 'ignore', windowsHide: true }).on('error', () => undefined);
      return;
    }
    for (const pid of pids) {
      try {
        process.kill(pid, signal);
      } catch {
        // It has ended.
      }
    }
    setTimeout(() => {
      void listProcesses().then((all) => {
        // A number may have been given to another process since.
        const least = (GRACE * (step + 1)) / 1000 - AGE_ERROR;
        const alive = all.filter(({ pid, age }) => pids.includes(pid) && age >= least);
        const left = withDescendants(
          alive.map(({ pid }) => pid),
          all,
        );
        if (left.length > 0) this.#signal(left, step + 1);
      });
    }, GRACE).unref();
  }
}
