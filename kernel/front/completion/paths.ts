/** Files and folders for a path that is being typed. */
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { resolvePath } from '../../magics/arguments.ts';
import { byText, type Candidate, type Completion, matching } from './candidate.ts';

/** A folder with more entries than this is not listed to the end: nobody reads so many. */
const MOST = 1000;

export interface PathOptions {
  /** What of the files to show; all by default. */
  readonly files?: (name: string) => boolean;
  /** How a name is written where the path stands; as it is by default. */
  readonly quote?: (name: string) => string;
}

/**
 * Only the last part of the path is completed, a folder with a slash behind it. Names that begin with a dot
 * are shown to those who begin with one.
 * @param typed the path up to the cursor, without quotes and escapes
 * @param written the last part as it stands in the text, from where it is replaced
 * @param offset the cursor
 */
export async function completePath(
  typed: string,
  offset: number,
  { files = () => true, quote = (name) => name }: PathOptions = {},
  written?: string,
): Promise<Completion> {
  const separator = process.platform === 'win32' ? /[/\\]/ : /\//;
  const base = typed.split(separator).at(-1) ?? '';
  const parent = typed.slice(0, typed.length - base.length) || '.';
  const start = offset - (written ?? base).length;
  const folder = folderOf(parent);
  if (folder === undefined) return { candidates: [], start };
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const shown = entries.filter(({ name }) => base.startsWith('.') || !name.startsWith('.')).slice(0, MOST);
  const candidates = await Promise.all(
    matching(shown, base, ({ name }) => name).map(async (entry): Promise<Candidate[]> => {
      const { name } = entry;
      const isFolder = entry.isSymbolicLink()
        ? await stat(path.join(folder, name)).then(
            (stats) => stats.isDirectory(),
            () => false,
          )
        : entry.isDirectory();
      if (!isFolder && !files(name)) return [];
      return [{ text: quote(name) + (isFolder ? '/' : ''), kind: 'path' }];
    }),
  );
  return { candidates: candidates.flat().sort(byText), start };
}

/** Undefined when the working directory has been removed. */
function folderOf(typed: string): string | undefined {
  try {
    return resolvePath(typed);
  } catch {
    return undefined;
  }
}
