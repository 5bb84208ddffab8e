/** A file is replaced whole or not at all. */
import { existsSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { CommandError } from './command.ts';

/** @throws CommandError naming the file and the system's reason. */
export function writeFileAtomically(path: string, text: string): void {
  let temporary: string | undefined;
  try {
    // A link stays a link; its target is replaced.
    const target = existsSync(path) ? realpathSync(path) : path;
    const mode = existsSync(target) ? statSync(target).mode & 0o777 : 0o644;
    temporary = join(dirname(target), `.${basename(target)}.${process.pid}.tmp`);
    writeFileSync(temporary, text, { mode });
    renameSync(temporary, target);
  } catch (error) {
    if (temporary !== undefined) rmSync(temporary, { force: true });
    throw new CommandError(`Cannot write ${path}: ${(error as Error).message}`);
  }
}
