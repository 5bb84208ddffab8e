/** `%npm`: packages for this notebook, importable in the next line. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { packageFolder } from '../packages/folders.ts';
import { npmCommand } from '../packages/install.ts';
import { PackageError } from '../packages/error.ts';
import type { NpmServices } from '../packages/npm.ts';
import { resolvePath, splitWords, usageError } from './arguments.ts';
import { type LineMagic, UsageError } from './magic.ts';
import { nearest } from './nearest.ts';
import { currentFolder, type OutputContext, runProcess, spawnOptions } from './process.ts';

/** What npm's commands for packages are called, and their short forms. */
const commands: Readonly<Record<string, 'install' | 'uninstall' | 'ls'>> = {
  install: 'install',
  i: 'install',
  add: 'install',
  uninstall: 'uninstall',
  remove: 'uninstall',
  rm: 'uninstall',
  ls: 'ls',
  list: 'ls',
};

/** What the notebook's project says that it needs. */
function dependencies(): string[] {
  try {
    const file = join(packageFolder(process.cwd()), 'package.json');
    const json = JSON.parse(readFileSync(file, 'utf8')) as Record<string, object | undefined>;
    return Object.keys({ ...json['dependencies'], ...json['devDependencies'] });
  } catch {
    return [];
  }
}

export const npm: LineMagic = {
  name: 'npm',
  completes: ([command = '', ...names]) => {
    if (command === '') return ['install', 'uninstall', 'ls'];
    const isNeeded = Object.hasOwn(commands, command) && commands[command] === 'uninstall';
    return isNeeded ? dependencies().filter((name) => !names.includes(name)) : [];
  },
  usage: 'npm install [NAME[@VERSION] …] | npm uninstall NAME … | npm ls',
  summary:
    "Installs packages into the notebook's project (the nearest package.json), or into a folder of the cache without one.",
  async line(args, context) {
    const [typed = '', ...rest] = splitWords(args);
    const command = Object.hasOwn(commands, typed) ? commands[typed] : undefined;
    if (command === undefined) throw typed === '' ? usageError(npm) : unknownCommand(typed);
    const options = rest.filter((word) => word.startsWith('-'));
    const names = rest.filter((word) => !word.startsWith('-')).map(readName);
    const elsewhere = options.find((option) => /^(?:-g|--global|--location|--prefix|-C)\b/.test(option));
    if (elsewhere !== undefined) {
      throw new UsageError(
        `%npm works in the notebook's own folder, without ${elsewhere}: write !npm ${args}`,
      );
    }
    if (command === 'uninstall' && names.length === 0) throw usageError(npm);
    try {
      await npmCommand(command, options, names, currentFolder(), npmServices(context));
    } catch (error) {
      throw error instanceof PackageError ? new UsageError(error.message, { cause: error }) : error;
    }
  },
};

/** How an installation runs npm in the session. */
export function npmServices(context: OutputContext): NpmServices {
  return {
    signal: context.signal,
    print: (text, stream) => context.print(text, stream),
    run: (args, folder, print) =>
      runProcess('npm', () => spawn(process.execPath, args, { ...spawnOptions(), cwd: folder }), {
        signal: context.signal,
        print: (text, stream = 'stdout') => print(text, stream),
      }),
  };
}

/** npm runs in another folder than the notebook, perhaps: a path must not mean another there. `npm:x` is `x`. */
function readName(word: string): string {
  if (/^\.{1,2}(?:$|[\\/])|^~[\\/]/.test(word) && !isAbsolute(word)) return resolve(resolvePath(word));
  return word.replace(/^npm:/, '');
}

function unknownCommand(typed: string): UsageError {
  const [near] = nearest(typed, Object.keys(commands));
  const hint = near === undefined ? '' : ` Did you mean %npm ${near}?`;
  return new UsageError(
    `%npm knows install, uninstall and ls, not ${typed}.${hint} All of npm is there with !npm ${typed}.`,
  );
}
