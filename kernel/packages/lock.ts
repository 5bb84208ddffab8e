/** One installation at a time in one folder: npm itself does not keep two of them apart. */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from '../shared/alive.ts';
import { cacheFolder } from './folders.ts';

/** How often (ms) one that waits looks again: an installation takes seconds. */
const POLL = 200;
/** A lock without a pid this old (ms): its maker died between making the folder and writing the pid. */
const OWNERLESS = 10_000;

/** The locks that this process holds: one with its pid that is not among them is left over. */
const held = new Set<string>();

/**
 * Runs `action` while no other process, and no other cell of this one, is in an action for the same folder.
 * A lock left behind by a process that has died is taken over.
 * @param onWait called once when somebody else is at work
 * @throws the signal's reason when it is aborted while waiting
 */
export async function withLock<T>(
  folder: string,
  action: () => Promise<T>,
  { signal, onWait }: { signal: AbortSignal; onWait: () => void },
): Promise<T> {
  const hash = createHash('sha256').update(folder).digest('hex').slice(0, 24);
  const lock = join(cacheFolder(), 'locks', hash);
  await mkdir(dirname(lock), { recursive: true });
  let told = false;
  while (!(await take(lock))) {
    signal.throwIfAborted();
    const owner = await ownerOf(lock);
    if (owner === undefined) continue;
    if (owner.isGone) await removeLeftover(lock, owner.pid);
    else {
      if (!told) onWait();
      told = true;
      await sleep(POLL, undefined, { signal });
    }
  }
  try {
    return await action();
  } finally {
    held.delete(lock);
    await rm(lock, { recursive: true, force: true });
  }
}

/** mkdir is atomic on every system: exactly one makes the folder. */
async function take(lock: string): Promise<boolean> {
  try {
    await mkdir(lock);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
  held.add(lock);
  await writeFile(join(lock, 'pid'), String(process.pid));
  return true;
}

interface Owner {
  readonly pid: number;
  readonly isGone: boolean;
}

/** Undefined when there is no lock any more. */
async function ownerOf(lock: string): Promise<Owner | undefined> {
  const pid = await readPid(lock);
  if (pid > 0) return { pid, isGone: pid === process.pid ? !held.has(lock) : !isAlive(pid) };
  const made = await stat(lock).catch(() => undefined);
  if (made === undefined) return undefined;
  return { pid, isGone: Date.now() - made.mtimeMs > OWNERLESS };
}

async function readPid(lock: string): Promise<number> {
  return Number(await readFile(join(lock, 'pid'), 'utf8').catch(() => '0'));
}

/** Several may find the leftover at once, and one of them may hold the lock already when another removes it. */
async function removeLeftover(lock: string, pid: number): Promise<void> {
  const aside = `${lock}.${process.pid}.${Date.now()}`;
  try {
    await rename(lock, aside);
  } catch {
    return; // Somebody else was first.
  }
  if ((await readPid(aside)) === pid) await rm(aside, { recursive: true, force: true });
  else await rename(aside, lock).catch(() => rm(aside, { recursive: true, force: true }));
}
