/**
 * SIGINT again for processes that it has passed by. A shell forks a child, which has the shell's own handler until it has
 * become its program; a signal that comes in between is noted by the copy, and forgotten with it. The program knows
 * nothing of it, and the shell waits for the program: for as long as that wants.
 *
 * Only what was such a copy before the signal gets it again, and only once it is another program that does nothing about
 * SIGINT. What has had the signal may have gone back to the default, as `process.once` does, and be cleaning up; what
 * was started after the signal may be what a trap cleans up with.
 *
 * On Linux: elsewhere no file tells of it.
 */
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { readStat, readStats, type Stat } from './proc.ts';

/** So long (ms) after the signal: a fork takes 1 ms to become its program, and under load some hundred. */
const AGAIN = [60, 150, 400, 1000];

/** To be called before the signal. @returns what may miss it of this process group */
export function copiesInGroup(group: number): Stat[] {
  if (process.platform !== 'linux') return [];
  try {
    return copiesAmong(readStats().filter((each) => each.group === group));
  } catch {
    return [];
  }
}

/** The same of a process and all its descendants. */
export function copiesOf(pids: readonly number[]): Stat[] {
  return process.platform === 'linux' ? copiesAmong(pids.flatMap((pid) => readStat(pid) ?? [])) : [];
}

/** Those that are what their parents are: forks that have not become a program of their own. */
export function copiesAmong(all: readonly Stat[]): Stat[] {
  const images = new Map(all.map(({ pid, image }) => [pid, image]));
  return all.filter(({ parent, image }) => images.get(parent) === image);
}

/** To be called after the signal. The timers keep nothing alive. */
export function interruptAgain(before: readonly Stat[]): void {
  if (before.length === 0) return;
  for (const time of AGAIN) {
    setTimeout(() => {
      for (const each of before) if (hasMissed(each)) interrupt(each.pid);
    }, time).unref();
  }
}

function hasMissed({ pid, start, image }: Stat): boolean {
  const now = readStat(pid);
  if (now?.start !== start || now.image === image) return false;
  try {
    return diesOfInterrupt(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    // It has ended.
    return false;
  }
}

/**
 * Whether a process lives, and SIGINT would end it.
 * @param status what /proc/PID/status says; masks are hexadecimal, with bit 0 for signal 1 (proc(5))
 */
export function diesOfInterrupt(status: string): boolean {
  if (/^State:\s*[ZX]/m.test(status)) return false;
  const bit = 1n << BigInt(constants.signals.SIGINT - 1);
  return ['SigIgn', 'SigCgt', 'SigBlk'].every((name) => {
    const mask = new RegExp(String.raw`^${name}:\s*([\da-f]+)$`, 'm').exec(status)?.[1];
    return mask !== undefined && (BigInt(`0x${mask}`) & bit) === 0n;
  });
}

function interrupt(pid: number): void {
  try {
    process.kill(pid, 'SIGINT');
  } catch {
    // It has ended.
  }
}
