/** `%load FILE`: puts a file's text into the cell, for reading, changing and running. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { errorCode, resolvePath, unquote, usageError } from './arguments.ts';
import { UsageError, type LineMagic } from './magic.ts';
import { nearest } from './nearest.ts';

/** More than any source file has, and as much as a notebook page still scrolls through. */
const maxCharacters = 1_000_000;

export const load: LineMagic = {
  name: 'load',
  usage: 'load [-r RANGES] FILE',
  summary: "Replaces the cell's content by a file's text, or by some of its lines (-r 3,5-7,20-).",
  completes: 'file',
  line(args, context) {
    const match = /^(?:-r[ \t]*(\S+)[ \t]+)?(?!-r\b)(\S.*)$/.exec(args);
    const typed = match?.[2];
    if (typed === undefined) throw usageError(load);
    const path = findFile(typed);
    const ranges = match?.[1];
    const text = ranges === undefined ? readText(path) : selectLines(readText(path), ranges, path);
    if (text.length > maxCharacters) {
      throw new UsageError(
        `${path} has ${text.length.toLocaleString('en')} characters, too many for a cell. Load a part: %load -r 1-100 ${typed}`,
      );
    }
    context.addPayload({
      source: 'set_next_input',
      text: `// %load ${args}\n${text}`,
      replace: true,
    });
  },
};

/** The file that was typed, or the one with `.ts` behind it. */
function findFile(typed: string): string {
  if (/^[a-z][a-z\d+.-]+:\/\//i.test(typed))
    throw new UsageError(`%load reads files, not addresses: ${typed}`);
  const path = resolvePath(unquote(typed));
  const kinds = [path, `${path}.ts`].map((candidate) => ({ candidate, kind: kindOf(candidate) }));
  const file = kinds.find(({ kind }) => kind === 'file');
  if (file !== undefined) return file.candidate;
  if (kinds[0]?.kind === 'folder')
    throw new UsageError(`${path} is a folder. %load wants a file.${listing(path)}`);
  throw new UsageError(`There is no file ${path}.${hint(path)}`);
}

function kindOf(path: string): 'file' | 'folder' | 'none' {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return 'none';
  return stats.isDirectory() ? 'folder' : 'file';
}

function hint(path: string): string {
  const folder = dirname(path);
  const names = namesIn(folder);
  if (names === undefined) return ` Nor is there a folder ${folder}.`;
  const near = nearest(basename(path), names, 3);
  return near.length === 0 ? '' : ` Did you mean ${near.join(' or ')}?`;
}

function listing(folder: string): string {
  const sources = (namesIn(folder) ?? []).filter((name) => name.endsWith('.ts')).slice(0, 5);
  return sources.length === 0 ? '' : ` In it are ${sources.join(', ')}.`;
}

function namesIn(folder: string): string[] | undefined {
  try {
    return readdirSync(folder);
  } catch {
    return undefined;
  }
}

/** The file's text with `\n` line ends and without a byte order mark, as a notebook keeps it. */
function readText(path: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new UsageError(`Cannot read ${path}: ${errorCode(error) ?? String(error)}.`);
  }
  const binary = new UsageError(`${path} is no UTF-8 text. %load reads source files.`);
  if (bytes.includes(0)) throw binary;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes).replaceAll('\r\n', '\n');
  } catch {
    throw binary;
  }
}

/** `3-10`, `3,5-7`, `-5`, `10-`: lines from 1, both ends included, in the order in which they are named. */
function selectLines(text: string, ranges: string, path: string): string {
  const lines = text.replace(/\n$/, '').split('\n');
  return ranges
    .split(',')
    .flatMap((range) => {
      const [, from, dash, to] = /^(\d*)(-?)(\d*)$/.exec(range) ?? [];
      const first = from === '' ? 1 : Number(from);
      const last = dash === '' ? first : to === '' ? lines.length : Number(to);
      const isRange = dash !== undefined && (from !== '' || to !== '');
      if (!isRange || first < 1 || (to !== '' && last < first)) {
        throw new UsageError(
          `${range === '' ? 'An empty range' : range} is no range of lines. Write it like -r 3-10, -r 3,5-7, -r -5 or -r 10-.`,
        );
      }
      if (first > lines.length)
        throw new UsageError(`${path} has ${lines.length} lines; there is no line ${first}.`);
      return lines.slice(first - 1, last);
    })
    .map((line) => `${line}\n`)
    .join('');
}
