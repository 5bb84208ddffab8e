// Where things are, and how the set-up scripts start other programs. Plain JavaScript without
// dependencies: it runs before anything is installed.
import { spawn, spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the repository. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');

/** A path inside the repository. @param {string[]} parts */
export const inRepo = (...parts) => path.join(root, ...parts);

/** Everything that is downloaded or made for development, but for node_modules and dist. */
export const cache = inRepo('.cache');

export const isWindows = process.platform === 'win32';

/** A failure that the user can act on: its message is shown alone, without a stack. */
export class SetupError extends Error {
  /** @override */
  name = 'SetupError';
}

/** @param {string} text */
export const say = (text) => process.stderr.write(`tsloop: ${text}\n`);

/**
 * Runs a program that shares our terminal and resolves with its exit code.
 * A program ended by a signal counts as 1, one that cannot be started as 127.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 * @returns {Promise<number>}
 */
export function run(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', ...options });
    child.on('error', (error) => {
      say(`cannot start ${command}: ${error.message}`);
      resolve(127);
    });
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

/**
 * What a program prints, or undefined when it cannot be started, fails, or takes over a minute.
 * @param {string} command
 * @param {readonly string[]} args
 * @returns {string | undefined}
 */
export function outputOf(command, args) {
  const result = spawnSync(command, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: 60_000,
    windowsHide: true,
  });
  return result.status === 0 ? result.stdout.trim() : undefined;
}

/**
 * Calls the main function of a script when the script is the program (and not an import), and turns
 * a failure into an exit code.
 * @param {string} url the script's import.meta.url
 * @param {(args: string[]) => Promise<number | void>} main
 */
export async function runAsProgram(url, main) {
  if (process.argv[1] === undefined || path.resolve(process.argv[1]) !== fileURLToPath(url)) return;
  try {
    process.exitCode = (await main(process.argv.slice(2))) ?? 0;
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(error.message);
    process.exitCode = 1;
  }
}
