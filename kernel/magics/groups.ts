/** Process groups: a command with all that it started is interrupted and ended as one. */
import { spawn, spawnSync } from 'node:child_process';
import { constants } from 'node:os';
import { copiesInGroup, interruptAgain } from '../shared/missed.ts';

/** Time for a program to end by itself on SIGINT, then on SIGTERM: what it takes to save a file. */
export const graceSeconds = 2;

const windows = process.platform === 'win32';

/** Group leaders (pids) whose groups may still have a living process. */
const groups = new Set<number>();
let hooked = false;

/** From now until `forgetIfEnded` finds the group empty, the end of this process ends it too. */
export function track(pid: number): void {
  groups.add(pid);
  if (hooked) return;
  hooked = true;
  // Only 'exit' is left: there is no time for anything gentler than SIGKILL.
  process.on('exit', () => {
    for (const group of groups) killNow(group);
  });
}

/** Background jobs keep their group, and so stay tracked, after the shell that started them. */
export function forgetIfEnded(pid: number): void {
  if (!isAlive(pid)) groups.delete(pid);
}

/** @returns whether a process was there to be signalled. */
function signalGroup(pid: number, signal: NodeJS.Signals): boolean {
  if (windows) {
    // Windows knows no signals for a tree of processes, only its end.
    if (isAlive(pid))
      spawn('taskkill', taskkill(pid), { stdio: 'ignore', windowsHide: true }).on('error', () => {});
    return false;
  }
  try {
    return process.kill(-pid, signal);
  } catch {
    return false;
  }
}

/**
 * SIGINT now, SIGTERM after `grace` seconds for what still lives, SIGKILL after as long again.
 * The timers keep nothing alive.
 */
export function interruptGroup(pid: number, grace: number): void {
  const mayMiss = copiesInGroup(pid);
  if (!signalGroup(pid, 'SIGINT')) return;
  interruptAgain(mayMiss);
  const later = (action: () => void): void => {
    setTimeout(action, grace * 1000).unref();
  };
  later(() => {
    if (signalGroup(pid, 'SIGTERM')) later(() => signalGroup(pid, 'SIGKILL'));
  });
}

/** The exit code that a shell reports for a command which a signal has ended. */
export function exitCodeOf(code: number | null, signal: NodeJS.Signals | null): number {
  if (code !== null) return code;
  return 128 + (signal === null ? 0 : constants.signals[signal]);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(windows ? pid : -pid, 0);
  } catch {
    return false;
  }
}

function killNow(pid: number): void {
  if (windows) spawnSync('taskkill', taskkill(pid), { stdio: 'ignore', windowsHide: true });
  else signalGroup(pid, 'SIGKILL');
}

function taskkill(pid: number): string[] {
  return ['/pid', String(pid), '/T', '/F'];
}
