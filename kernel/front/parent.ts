/** A kernel whose parent has died has nobody left to work for. */
import { isAlive } from '../shared/alive.ts';

/** How often (ms) the parent is looked for. */
const INTERVAL = 1000;

/** Calls `gone` once when the process that JPY_PARENT_PID names, or this one's parent, has ended. */
export function watchParent(gone: () => void): void {
  const named = Number(process.env['JPY_PARENT_PID']);
  const parent = process.ppid;
  // 1: started by an init system, or by a parent that has ended already and did not mind.
  const watched = Number.isInteger(named) && named > 1 ? named : undefined;
  if (watched === undefined) return;
  const timer = setInterval(() => {
    // A child of a dead process is given to another one; its number may be taken again.
    const orphaned = parent === watched && process.ppid !== parent;
    if (!orphaned && isAlive(watched)) return;
    clearInterval(timer);
    gone();
  }, INTERVAL);
  timer.unref();
}
