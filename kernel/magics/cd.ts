/** `%cd`: changes the folder that later cells and `!` lines work in. */
import { errorCode, resolvePath, unquote } from './arguments.ts';
import { UsageError, type LineMagic } from './magic.ts';

/** Where the last `%cd` came from, for `%cd -`. */
let previous: string | undefined;

export const cd: LineMagic = {
  name: 'cd',
  usage: 'cd [FOLDER | -]',
  summary: 'Changes the current folder: to FOLDER, back to the last one (-), or home.',
  completes: 'folder',
  line(args, context) {
    const target = args === '-' ? previous : resolvePath(args === '' ? '~' : unquote(args));
    if (target === undefined)
      throw new UsageError('%cd - goes back to the last folder; there has been no %cd yet.');
    const left = currentFolder();
    try {
      process.chdir(target);
    } catch (error) {
      throw new UsageError(`Cannot go to ${target}: ${reasons[errorCode(error) ?? ''] ?? String(error)}.`);
    }
    previous = left ?? previous;
    context.print(`${process.cwd()}\n`);
  },
};

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such folder',
  ENOTDIR: 'it is not a folder',
  EACCES: 'it may not be entered',
};

/** Undefined when the folder has been removed: %cd is the way out of it. */
function currentFolder(): string | undefined {
  try {
    return process.cwd();
  } catch {
    return undefined;
  }
}
