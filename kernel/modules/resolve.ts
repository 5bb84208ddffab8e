/**
 * Where an import leads that Node alone would not find: the bundled `tsloop`, TypeScript files named
 * without their extension or by the name of the JavaScript that they compile to, folders.
 */
import { statSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** What to hand on to the next resolver instead of what the import says. */
export interface Redirection {
  readonly specifier: string;
  readonly parentURL: string | undefined;
}

/** The files that are compiled before Node sees them. */
export const compiledExtensions: readonly string[] = ['.ts', '.tsx', '.mts', '.cts', '.jsx'];

/** TypeScript first: where `a.ts` lies beside its own compiled `a.js`, the source is meant. */
const guessedExtensions = ['.ts', '.tsx', '.mts', '.cts', '.js', '.mjs', '.cjs', '.jsx', '.json'] as const;

/** TypeScript's own convention: an import names the output, the file on disk is the source. */
const sourceExtensions: Readonly<Record<string, readonly string[]>> = {
  '.js': ['.ts', '.tsx', '.jsx'],
  '.jsx': ['.tsx'],
  '.mjs': ['.mts'],
  '.cjs': ['.cts'],
};

function kindOf(path: string): 'file' | 'folder' | 'missing' {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return 'missing';
  return stats.isDirectory() ? 'folder' : 'file';
}

/** The file that a path means, which may lack its extension or name the output; the path itself if it is one. */
export function findFile(path: string): string | undefined {
  const kind = kindOf(path);
  if (kind === 'file') return path;
  const extension = extname(path);
  const stem = path.slice(0, path.length - extension.length);
  const candidates = [
    ...(sourceExtensions[extension] ?? []).map((source) => stem + source),
    ...guessedExtensions.map((guess) => path + guess),
    ...(kind === 'folder'
      ? guessedExtensions.map((guess) => `${path.replace(/[\\/]$/, '')}/index${guess}`)
      : []),
  ];
  return candidates.find((candidate) => kindOf(candidate) === 'file');
}

function isPath(specifier: string): boolean {
  return /^(?:\.{0,2}\/|\.{1,2}$|file:)/.test(specifier);
}

function isOwnName(specifier: string): boolean {
  return specifier === 'tsloop' || specifier.startsWith('tsloop/');
}

/**
 * Undefined when Node's own rules apply, for errors too: an import of nothing gets Node's message.
 * @param importer what imports: `require` takes paths, finds `.js`, `.json` and folders by itself.
 */
export function redirect(
  specifier: string,
  parentURL: string | undefined,
  importer: 'import' | 'require',
): Redirection | undefined {
  if (isOwnName(specifier)) {
    // Resolved from here, the name is a self-reference to this very package: wherever the importing
    // file lies and whatever its node_modules hold, there is one scheduler and one loop.
    return { specifier, parentURL: import.meta.url };
  }
  if (!isPath(specifier)) return undefined;
  // Installed packages are JavaScript that says exactly what it imports.
  if (parentURL?.includes('/node_modules/')) return undefined;
  if (!specifier.startsWith('file:') && !parentURL?.startsWith('file:')) return undefined;
  let url: URL;
  let path: string;
  try {
    url = new URL(specifier, parentURL);
    path = fileURLToPath(url);
  } catch {
    return undefined; // Not a URL of a file: Node says what is wrong with it.
  }
  const found = findFile(path);
  if (found === undefined || found === path) return undefined;
  if (importer === 'require') {
    return compiledExtensions.includes(extname(found)) ? { specifier: found, parentURL } : undefined;
  }
  const target = pathToFileURL(found);
  target.search = url.search;
  target.hash = url.hash;
  return { specifier: target.href, parentURL };
}
