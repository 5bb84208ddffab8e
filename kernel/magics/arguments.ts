/** How magics read their arguments: quotes, paths, words. */
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { UsageError, type LineMagic } from './magic.ts';

/**
 * One path that may hold spaces, quoted or not: `"my file.ts"`, `my file.ts`, `my\ file.ts`
 * (not on Windows, where the backslash parts folders).
 */
export function unquote(text: string): string {
  const quoted = /^(["'])(.*)\1$/.exec(text);
  if (quoted !== null) return quoted[2] ?? '';
  return process.platform === 'win32' ? text : text.replaceAll('\\ ', ' ');
}

/** The absolute path of what a user typed: `~` is the home folder, else relative to process.cwd(). */
export function resolvePath(typed: string): string {
  return resolve(/^~(?=$|[/\\])/.test(typed) ? join(homedir(), typed.slice(1)) : typed);
}

/** Words parted by spaces; quotes keep spaces in a word. */
export function splitWords(text: string): string[] {
  return Array.from(
    text.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g),
    ([, double, single, plain]) => double ?? single ?? plain ?? '',
  );
}

/** The error of a call without what it needs. */
export function usageError(magic: Pick<LineMagic, 'usage'>, prefix: '%' | '%%' = '%'): UsageError {
  return new UsageError(`Usage: ${prefix}${magic.usage}`);
}

/** The `code` of a system error (`ENOENT`), undefined for any other value. */
export function errorCode(error: unknown): string | undefined {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return typeof code === 'string' ? code : undefined;
}
