/** A TypeScript file as the program of this process. */
import { pathToFileURL } from 'node:url';
import { installModuleHooks } from '../modules/hooks.ts';

/** Node's exit code for a program whose top-level await never settles. */
const unsettledExitCode = 13;

/**
 * Runs the file in this process, which is fresh, as `node FILE ARGUMENTS` would. What it leaves
 * uncaught is reported by Node itself, with the lines of the TypeScript.
 */
export function runScript(path: string, args: readonly string[]): void {
  process.argv = [process.execPath, path, ...args];
  installModuleHooks();
  let settled = false;
  process.once('exit', (exitCode) => {
    if (settled || exitCode !== 0) return;
    process.stderr.write(
      `tsloop: the top-level await of ${path} never settles: nothing is left that could settle it.\n`,
    );
    process.exitCode = unsettledExitCode;
  });
  const settle = (): void => {
    settled = true;
  };
  // A failure is left unhandled on purpose: Node reports it as an uncaught error, with the place where
  // it was thrown, and calls the program's own handlers if it has any.
  void import(pathToFileURL(path).href).finally(settle);
}
