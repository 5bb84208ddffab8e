/** `%%writefile FILE`: writes the cell's body to a file instead of running it. */
import { appendFileSync, statSync, writeFileSync } from 'node:fs';
import { errorCode, resolvePath, unquote, usageError } from './arguments.ts';
import { UsageError, type CellMagic } from './magic.ts';

export const writefile: CellMagic = {
  name: 'writefile',
  usage: 'writefile [-a] FILE',
  summary: "Writes the rest of the cell to FILE; with -a to the file's end.",
  completes: 'file',
  cell(args, body, context) {
    const [, append, typed] = /^(-a\s+)?(?!-a$)(\S.*)$/.exec(args) ?? [];
    if (typed === undefined) throw usageError(writefile, '%%');
    const name = unquote(typed);
    const path = resolvePath(name);
    // A notebook's last line has no line end; a text file's has one.
    const text = body === '' || body.endsWith('\n') ? body : `${body}\n`;
    const exists = statSync(path, { throwIfNoEntry: false }) !== undefined;
    try {
      if (append === undefined) writeFileSync(path, text);
      else appendFileSync(path, text);
    } catch (error) {
      throw new UsageError(`Cannot write ${path}: ${reasons[errorCode(error) ?? ''] ?? String(error)}.`);
    }
    const verb = !exists ? 'Writing' : append === undefined ? 'Overwriting' : 'Appending to';
    context.print(`${verb} ${name}\n`);
  },
};

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'its folder does not exist',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is not a folder',
  EACCES: 'writing there is not allowed',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
};
