// src, kernel, test and bench (TypeScript) → dist (JavaScript), a kernelspec folder, and shims.
//
//   node kernel/dev/build.mjs             the kernelspec names this node and this clone
//   node kernel/dev/build.mjs --portable  it names `tsloop` on PATH: what the npm package holds
//   node kernel/dev/build.mjs --force     builds even when nothing has changed
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { bundle } from './bundle.mjs';
import { ensureDependencies } from './dependencies.mjs';
import { writeKernelspec } from './kernelspec.mjs';
import { withLock } from './lock.mjs';
import { inRepo, root, run, runAsProgram, say, SetupError } from './repo.mjs';

const SOURCE_FOLDERS = ['src', 'kernel', 'test', 'bench'];
const STAMP = inRepo('dist', '.build-stamp');

/** What the compiler makes of `x.ts`. */
const EMITTED = /\.(?:js|js\.map|d\.ts)$/;

/**
 * Brings dist up to date.
 * @param {{ force?: boolean, portable?: boolean }} [options]
 */
export async function build({ force = false, portable = false } = {}) {
  await withLock('build', async () => {
    const stamp = await stampOfInputs();
    const last = await readFile(STAMP, 'utf8').catch(() => '');
    if (force || last !== stamp) {
      await rm(STAMP, { force: true });
      await compile();
      await writeShims();
      await writeFile(STAMP, stamp);
    }
    await writeKernelspec({ portable });
  });
}

/** A hash over the content of everything that the compiler reads. */
async function stampOfInputs() {
  const hash = createHash('sha256');
  const files = [
    'tsconfig.json',
    'package.json',
    'package-lock.json',
    'kernel/dev/build.mjs',
    'kernel/dev/bundle.mjs',
  ];
  for (const folder of SOURCE_FOLDERS) {
    for (const file of await filesBelow(folder)) if (file.endsWith('.ts')) files.push(file);
  }
  for (const file of files) hash.update(`${file}\0`).update(await readFile(inRepo(file)));
  return hash.digest('hex');
}

async function compile() {
  say('compiling');
  await removeLeftovers();
  const code = await run(process.execPath, [inRepo('node_modules/typescript/bin/tsc'), '-p', root]);
  if (code !== 0) throw new SetupError('the TypeScript sources do not compile; the errors are above');
  await bundle();
}

/** Removes from dist what was made of sources that are gone, so that a deleted test is not run again. */
async function removeLeftovers() {
  for (const folder of SOURCE_FOLDERS) {
    for (const file of await filesBelow(path.join('dist', folder))) {
      if (!EMITTED.test(file)) continue;
      const source = path.relative('dist', file).replace(EMITTED, '.ts');
      if (!existsSync(inRepo(source))) await rm(inRepo(file));
    }
  }
}

/** Paths of the files below a folder, from the root of the repository, in a fixed order. @param {string} folder */
async function filesBelow(folder) {
  const entries = await readdir(inRepo(folder), { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
    .sort();
}

/**
 * `tsloop` as a command that works without an installation: cells find it on their PATH. The kernel
 * sets TSLOOP_NODE, so that a script runs on the same Node as the kernel.
 */
async function writeShims() {
  const cli = inRepo('dist/kernel/cli.js');
  if (existsSync(cli)) await chmod(cli, 0o755);
  await mkdir(inRepo('dist/bin'), { recursive: true });
  await writeFile(inRepo('dist/bin/tsloop'), POSIX_SHIM, { mode: 0o755 });
  await chmod(inRepo('dist/bin/tsloop'), 0o755);
  await writeFile(inRepo('dist/bin/tsloop.cmd'), WINDOWS_SHIM);
}

const POSIX_SHIM = `#!/bin/sh
# Runs the tsloop that this file belongs to, also through symbolic links.
self=$0
while [ -L "$self" ]; do
  target=$(readlink "$self")
  case $target in
    /*) self=$target ;;
    *) self=$(dirname "$self")/$target ;;
  esac
done
folder=$(CDPATH= cd -- "$(dirname -- "$self")" && pwd -P) || exit 1
exec "\${TSLOOP_NODE:-node}" "$folder/../kernel/cli.js" "$@"
`;

const WINDOWS_SHIM = [
  '@echo off',
  'setlocal',
  'if not defined TSLOOP_NODE set "TSLOOP_NODE=node"',
  '"%TSLOOP_NODE%" "%~dp0..\\kernel\\cli.js" %*',
  '',
].join('\r\n');

await runAsProgram(import.meta.url, async (args) => {
  const unknown = args.find((arg) => arg !== '--force' && arg !== '--portable');
  if (unknown !== undefined)
    throw new SetupError(`unknown option ${unknown}; known are --force and --portable`);
  await ensureDependencies();
  await build({ force: args.includes('--force'), portable: args.includes('--portable') });
});
