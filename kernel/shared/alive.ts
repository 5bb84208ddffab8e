/** Whether a process runs, whoever has started it. */

/** @param pid of a process that has or had this number; it may be another's by now */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, and belongs to somebody else. What cannot be asked about is taken to live as well.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
