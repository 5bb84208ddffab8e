/**
 * The user's own files that cells import, and the files that these import. The server keeps what it has read and
 * is told of changes; this finds out what there is to tell, by a `stat` for each file before a cell is checked.
 * (Watching folders would cost a descriptor for each of them, and be too late for a cell that follows an edit.)
 */
import { readFileSync, type Stats, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { CHANGED, DELETED, type FileChange } from './server.ts';

/** Of `paths` in a tsconfig.json: patterns, and absolute paths. */
export type PathMapping = Readonly<Record<string, readonly string[]>>;

/** What follows `from`, `import`, `require(` and the like. That strings and comments match as well does no harm. */
const SPECIFIER = /\b(?:from|import|require|path)\s*[(=]?\s*(['"`])([^'"`\n]+)\1/g;

/** What may stand for a path that is no file, in the compiler's order. */
const ENDINGS = ['.ts', '.tsx', '.d.ts', '.js', '.jsx', '.mts', '.cts', '.mjs', '.cjs', '.json'];

/** `./x.js` means `x.ts` where there is such a file. */
const SOURCES: Readonly<Record<string, readonly string[]>> = {
  '.js': ['.ts', '.tsx', '.d.ts'],
  '.jsx': ['.tsx', '.d.ts'],
  '.mjs': ['.mts', '.d.mts'],
  '.cjs': ['.cts', '.d.cts'],
};

/** More files than any notebook's own; beyond, changes are not seen. */
const LIMIT = 5000;

export class LocalFiles {
  /** The files, with a text that changes with their content. */
  readonly #stamps = new Map<string, string>();

  /**
   * Follows the imports of a text.
   * @param folder the folder that relative imports start from
   */
  follow(text: string, folder: string, mapping: PathMapping): void {
    for (const [, , specifier = ''] of text.matchAll(SPECIFIER)) {
      for (const base of basesOf(specifier, folder, mapping)) {
        const file = locate(base);
        if (file === undefined) continue;
        this.#add(file, mapping);
        break;
      }
    }
  }

  /** What has changed since the last time. Files that are new to this are followed on the way. */
  changes(mapping: PathMapping): FileChange[] {
    const changes: FileChange[] = [];
    for (const [file, stamp] of this.#stamps) {
      const stats = statOf(file);
      if (stampOf(stats) === stamp) continue;
      this.#stamps.delete(file);
      changes.push({ uri: pathToFileURL(file).href, type: stats ? CHANGED : DELETED });
      if (stats) this.#add(file, mapping);
    }
    return changes;
  }

  #add(file: string, mapping: PathMapping): void {
    if (this.#stamps.has(file) || this.#stamps.size >= LIMIT) return;
    if (file.includes(`${path.sep}node_modules${path.sep}`)) return;
    this.#stamps.set(file, stampOf(statOf(file)));
    if (!/\.[cm]?[jt]sx?$/.test(file)) return;
    let text: string;
    try {
      text = readFileSync(file, 'utf8');
    } catch {
      return; // Gone already, or not to be read: the compiler will say so.
    }
    this.follow(text, path.dirname(file), mapping);
  }
}

/** The paths, perhaps without an ending, that a specifier may lead to; none for a package. */
function basesOf(specifier: string, folder: string, mapping: PathMapping): string[] {
  if (specifier.startsWith('file:')) {
    try {
      return [fileURLToPath(specifier)];
    } catch {
      return [];
    }
  }
  if (/^\.{1,2}(?:\/|$)/.test(specifier) || path.isAbsolute(specifier))
    return [path.resolve(folder, specifier)];
  return Object.entries(mapping).flatMap(([pattern, targets]) => {
    const [before = '', after] = pattern.split('*');
    if (after === undefined) return pattern === specifier ? targets : [];
    if (!specifier.startsWith(before) || !specifier.endsWith(after)) return [];
    const star = specifier.slice(before.length, specifier.length - after.length);
    // A function: `$` in a path means nothing.
    return targets.map((target) => target.replace('*', () => star));
  });
}

function locate(base: string): string | undefined {
  const ending = path.extname(base);
  const bare = base.slice(0, base.length - ending.length);
  const candidates = [
    ...(SOURCES[ending] ?? []).map((source) => bare + source),
    base,
    ...ENDINGS.map((each) => base + each),
    ...ENDINGS.map((each) => path.join(base, `index${each}`)),
  ];
  return candidates.find((file) => statOf(file) !== undefined);
}

function statOf(file: string): Stats | undefined {
  try {
    const stats = statSync(file, { throwIfNoEntry: false });
    return stats?.isFile() === true ? stats : undefined;
  } catch {
    return undefined; // A path through a file, a name that is too long.
  }
}

function stampOf(stats: Stats | undefined): string {
  return stats ? `${stats.ino}/${stats.mtimeMs}/${stats.size}` : '';
}
