/** Where packages are installed: the notebook's project, or a folder of its own in the user's cache. */
import { existsSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, isAbsolute, join } from 'node:path';

/**
 * The cache of this user, by the custom of the system: `~/.cache/tsloop` or below `XDG_CACHE_HOME`,
 * `~/Library/Caches/tsloop` on macOS, `%LOCALAPPDATA%\tsloop\Cache` on Windows. `TSLOOP_CACHE` says otherwise.
 */
export function cacheFolder(): string {
  const { TSLOOP_CACHE: own, XDG_CACHE_HOME: xdg, LOCALAPPDATA: local } = process.env;
  if (own !== undefined && isAbsolute(own)) return own;
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'tsloop');
  if (process.platform === 'win32')
    return join(local ?? join(homedir(), 'AppData', 'Local'), 'tsloop', 'Cache');
  // The specification wants a relative path to be ignored.
  return join(xdg !== undefined && isAbsolute(xdg) ? xdg : join(homedir(), '.cache'), 'tsloop');
}

function realFolder(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return folder;
  }
}

/** The nearest folder with a package.json, from `cwd` upwards and not above the home folder. */
export function projectFolder(cwd: string): string | undefined {
  const home = realFolder(homedir());
  for (let folder = realFolder(cwd); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
    if (folder === home || folder === dirname(folder)) return undefined;
  }
}

/** The folder in the cache for notebooks in a folder that is part of no project. It need not exist. */
function notebookCache(cwd: string): string {
  const folder = realFolder(cwd);
  // Loaded when it is needed: it would cost every start of a kernel some milliseconds.
  const { createHash } = process.getBuiltinModule('node:crypto');
  const hash = createHash('sha256').update(folder).digest('hex').slice(0, 12);
  // The name is for people who look into the cache; the hash is what tells folders apart.
  const readable = basename(folder).replace(/[^\w.-]+/g, '-');
  return join(cacheFolder(), 'notebooks', `${readable}-${hash}`);
}

/**
 * The folder whose node_modules packages are installed into for a notebook that works in `cwd`. It
 * need not exist yet.
 */
export function packageFolder(cwd: string): string {
  return projectFolder(cwd) ?? notebookCache(cwd);
}

/** The folder for one package at one version beside a project that has another version of it. */
export function besideFolder(nameWithRange: string): string {
  return join(cacheFolder(), 'versions', encodeURIComponent(nameWithRange).replaceAll('*', '%2A'));
}
