/** `!command`: one line, or several with `\`, run by the system's shell. */
import { spawn } from 'node:child_process';
import { UsageError } from './magic.ts';
import { runProcess, spawnOptions, type OutputContext } from './process.ts';

/**
 * Runs the command by `/bin/sh` (Windows: `%ComSpec%`), as IPython's system() does, and resolves to
 * its exit code; see `runProcess` for output and interrupts.
 * @throws UsageError for an empty command, and when the shell cannot be started
 */
export function runShell(command: string, context: OutputContext): Promise<number> {
  if (command.trim() === '') return Promise.reject(new UsageError('A shell line needs a command: !ls'));
  return runProcess(
    'the shell',
    () => spawn(shellLines(command), { ...spawnOptions(), shell: true }),
    context,
  );
}

/** Line ends as the shell wants them; cmd.exe continues no line at a backslash, so there they are joined. */
function shellLines(command: string): string {
  const lines = command.replaceAll('\r\n', '\n');
  return process.platform === 'win32' ? lines.replaceAll('\\\n', ' ') : lines;
}
