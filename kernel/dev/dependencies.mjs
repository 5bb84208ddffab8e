// Installs node_modules with `npm ci` when it is not what package-lock.json asks for.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { withLock } from './lock.mjs';
import { isWindows, root, run, runAsProgram, say, SetupError } from './repo.mjs';

/** @typedef {Record<string, { version?: string, optional?: boolean, devOptional?: boolean }>} Packages */

/** Installs the npm packages; does nothing when they are there in the right versions. */
export async function ensureDependencies() {
  if (await areInstalled(root)) return;
  await withLock('dependencies', async () => {
    if (await areInstalled(root)) return;
    say('installing the npm packages');
    const code = await npm(['ci', '--no-audit', '--no-fund']);
    if (code !== 0) throw new SetupError(`npm ci failed with exit code ${code}; its message is above`);
  });
}

/**
 * npm keeps a copy of what it has installed in node_modules/.package-lock.json, written last. Every
 * package of the lock file must be in it in the same version; those for other platforms may be missing.
 * @param {string} folder that has the lock file
 * @param {string} [installedIn] that has node_modules; the same one by default
 */
export async function areInstalled(folder, installedIn = folder) {
  const wanted = await readPackages(path.join(folder, 'package-lock.json'));
  const installed = await readPackages(path.join(installedIn, 'node_modules', '.package-lock.json'));
  if (wanted === undefined)
    throw new SetupError(`${path.join(folder, 'package-lock.json')} is missing or broken`);
  if (installed === undefined) return false;
  return Object.entries(wanted).every(([name, entry]) => {
    if (name === '') return true;
    const found = installed[name];
    if (found === undefined) return entry.optional === true || entry.devOptional === true;
    return found.version === entry.version;
  });
}

/** @param {string} file @returns {Promise<Packages | undefined>} */
async function readPackages(file) {
  try {
    return JSON.parse(await readFile(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/**
 * The npm that runs us, else the one on PATH (on Windows a .cmd file, which needs a shell).
 * @param {string[]} args
 * @param {string} [cwd] the repository's root by default
 * @returns {Promise<number>} its exit code
 */
export function npm(args, cwd = root) {
  const running = process.env['npm_execpath'];
  if (running?.endsWith('npm-cli.js')) return run(process.execPath, [running, ...args], { cwd });
  return isWindows ? run('npm.cmd', args, { shell: true, cwd }) : run('npm', args, { cwd });
}

await runAsProgram(import.meta.url, ensureDependencies);
