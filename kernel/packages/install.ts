/** Installs what `npm:` imports need and what `%npm` is told to, into the notebook's project or cache. */
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, sep } from 'node:path';
import { PackageError } from './error.ts';
import { packageFolder } from './folders.ts';
import { findInstalled, type InstalledPackage, installTarget } from './installed.ts';
import { withLock } from './lock.ts';
import { type NpmServices, runNpm } from './npm.ts';
import { type NpmSpecifier, withRange } from './specifier.ts';

type Listener = (folder: string) => void;

const listeners = new Set<Listener>();

/** `listener` hears of every folder whose node_modules an installation has changed. Returns how to end it. @public */
export function onInstalled(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** A folder as people write it: `~/notebooks`. */
function readable(folder: string): string {
  const home = homedir();
  return folder === home || folder.startsWith(home + sep) ? `~${folder.slice(home.length)}` : folder;
}

/** npm would look for a project above a folder without a package.json, and install there. */
async function prepareFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    const file = join(folder, 'package.json');
    if (!existsSync(file)) await writeFile(file, '{ "private": true }\n');
  } catch (error) {
    throw new PackageError(
      `Cannot install into ${folder}: ${(error as Error).message}. Say by the environment variable TSLOOP_CACHE where else packages may be kept.`,
      { cause: error },
    );
  }
}

interface Command {
  /** The command with its options. */
  readonly command: readonly string[];
  readonly names: readonly string[];
  /** What is done, without the folder: `install lodash`. */
  readonly doing: string;
}

async function runIn(
  folder: string,
  { command, names, doing }: Command,
  services: NpmServices,
): Promise<void> {
  try {
    await runNpm(command, names, folder, `${doing} in ${readable(folder)}`, services);
  } finally {
    for (const listener of listeners) listener(folder);
  }
}

function locked<T>(folder: string, services: NpmServices, action: () => Promise<T>): Promise<T> {
  return withLock(folder, action, {
    signal: services.signal,
    onWait: () => services.print(`Waiting for another installation in ${readable(folder)} …\n`, 'stderr'),
  });
}

/**
 * Sees to it that the package is there, by npm when it is not yet.
 * @returns where to import it from
 * @throws PackageError when it cannot be installed; nothing of it is left then
 */
export async function ensureInstalled(
  specifier: NpmSpecifier,
  cwd: string,
  services: NpmServices,
): Promise<InstalledPackage> {
  const found = findInstalled(specifier, cwd);
  if (found !== undefined) return found;
  const folder = installTarget(specifier, cwd);
  const name = withRange(specifier);
  await prepareFolder(folder);
  return locked(folder, services, async () => {
    // Whoever held the lock may have installed the same.
    const meanwhile = findInstalled(specifier, cwd);
    if (meanwhile !== undefined) return meanwhile;
    services.print(`Installing ${name} into ${readable(folder)} …\n`, 'stderr');
    // npm's summary is no output of the cell that only wanted to import something.
    const toStderr: NpmServices = { ...services, print: (text) => services.print(text, 'stderr') };
    const isExact = /^\d+\.\d+\.\d+/.test(specifier.range);
    const command = ['install', ...(isExact ? ['--prefer-offline'] : [])];
    await runIn(folder, { command, names: [name], doing: `install ${name}` }, toStderr);
    const installed = findInstalled(specifier, cwd);
    if (installed === undefined) {
      throw new PackageError(
        `npm has installed ${name} into ${folder}, but version '${specifier.range}' of it is not there. \`!npm ls ${specifier.name}\` in that folder says what is.`,
      );
    }
    return installed;
  });
}

/**
 * Runs `npm install`, `uninstall` or `ls` for the notebook in `cwd`, npm's output as it comes.
 * @param options npm's own, each beginning with `-`
 * @throws PackageError when npm fails
 */
export async function npmCommand(
  command: 'install' | 'uninstall' | 'ls',
  options: readonly string[],
  names: readonly string[],
  cwd: string,
  services: NpmServices,
): Promise<void> {
  const folder = packageFolder(cwd);
  const doing = [command === 'ls' ? 'list' : command, ...names].join(' ');
  if (command !== 'install' && !existsSync(folder)) {
    throw new PackageError(`Nothing is installed for notebooks in ${readable(cwd)} yet: %npm install NAME`);
  }
  await prepareFolder(folder);
  const all = [command, ...options];
  if (command === 'ls') return runNpm(all, names, folder, `${doing} in ${readable(folder)}`, services);
  const verb = command === 'install' ? 'Installing' : 'Uninstalling';
  const what = names.length > 0 ? names.join(', ') : 'what package.json names';
  return locked(folder, services, async () => {
    services.print(`${verb} ${what} in ${readable(folder)} …\n`, 'stdout');
    await runIn(folder, { command: all, names, doing }, services);
  });
}
