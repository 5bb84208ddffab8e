// A lock between processes: two test runs at once must not set up the same folder at once.
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cache, say } from './repo.mjs';

/** How often a waiting process looks again; set-up takes seconds, so this is fine-grained enough. */
const POLL_MS = 200;
/** A lock without an owner's pid this old: its maker died between mkdir and writing the pid. */
const OWNERLESS_MS = 10_000;

/**
 * Runs `action` while no other process is in an action of the same lock name.
 * A lock left behind by a process that has died is taken over.
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} action
 * @returns {Promise<T>}
 */
export async function withLock(name, action) {
  const folder = path.join(cache, 'locks', name);
  await mkdir(path.dirname(folder), { recursive: true });
  let told = false;
  while (!(await take(folder))) {
    if (await isStale(folder)) {
      await rm(folder, { recursive: true, force: true });
      continue;
    }
    if (!told) say(`another tsloop set-up holds ${folder}; waiting for it`);
    told = true;
    await sleep(POLL_MS);
  }
  try {
    return await action();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** mkdir is atomic on every platform: exactly one process makes the folder. @param {string} folder */
async function take(folder) {
  try {
    await mkdir(folder);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false;
    throw error;
  }
  await writeFile(path.join(folder, 'pid'), String(process.pid));
  return true;
}

/** @param {string} folder */
async function isStale(folder) {
  const pid = Number(await readFile(path.join(folder, 'pid'), 'utf8').catch(() => ''));
  if (pid > 0) return !isAlive(pid);
  const age = await stat(folder).then(
    (info) => Date.now() - info.mtimeMs,
    () => 0,
  );
  return age > OWNERLESS_MS;
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, and belongs to somebody else.
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}
