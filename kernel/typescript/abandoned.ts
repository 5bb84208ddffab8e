/**
 * Workspaces of kernels that were killed: nobody else removes them. Each workspace says whose it is, and the next
 * kernel removes those whose process is gone.
 */
import { mkdtempSync, readlinkSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { isAlive } from '../shared/alive.ts';

/** What the names of workspaces begin with. */
const PREFIX = 'tsloop-';

/** The file that names the owner. It is written first, and its absence means: not to be touched. */
const OWNER = '.owner';

/** Numbers of processes mean something only within this: temporary folders may be shared. */
function place(): string {
  try {
    return `${hostname()} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return hostname();
  }
}

/** Makes the folder of a workspace; an absolute path without links. @throws Error when that cannot be */
export function makeRoot(): string {
  const root = realpathSync.native(mkdtempSync(path.join(tmpdir(), PREFIX)));
  try {
    claim(root);
  } catch (error) {
    rmSync(root, { recursive: true, force: true });
    throw error;
  }
  return root;
}

/** Says that a workspace belongs to this process. */
export function claim(folder: string): void {
  writeFileSync(path.join(folder, OWNER), `${process.pid} ${place()}`);
}

/** Removes the workspaces in a folder for temporary files whose processes are gone. Never rejects. */
export async function removeAbandoned(temporary: string): Promise<void> {
  const here = place();
  const names = await readdir(temporary).catch(() => []);
  for (const name of names.filter((each) => each.startsWith(PREFIX))) {
    const folder = path.join(temporary, name);
    const owner = await readFile(path.join(folder, OWNER), 'utf8').catch(() => '');
    const [, pid, where] = /^(\d+) (.*)$/s.exec(owner) ?? [];
    if (pid === undefined || where !== here || isAlive(Number(pid))) continue;
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}
