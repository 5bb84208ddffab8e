/** Imports of the user's own files from cells: TypeScript, loaded anew when they have changed. */
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { autoreloadMode } from '../magics/autoreload.ts';
import { CommonJsCache } from '../modules/commonjs-cache.ts';
import { installModuleHooks } from '../modules/hooks.ts';
import { missingPackages } from '../modules/missing-packages.ts';
import { writeCellImport } from '../modules/request.ts';

const commonJs = new CommonJsCache(createRequire(import.meta.url).cache);

/** Imports, by working directory and specifier, that have failed the last time. */
const failed = new Set<string>();
/** Where cells have worked. */
const folders = new Set<string>();

/** CommonJS files that were taken out of Node's cache, of which the module hooks have not heard yet. */
const stale = new Set<string>();

/** Takes CommonJS files that have changed out of Node's cache. */
function refreshCommonJs(cwd: string): void {
  folders.add(realFolder(cwd));
  const mode = autoreloadMode();
  if (mode === 'off') return;
  for (const path of commonJs.refresh(mode === 'all' ? undefined : [...folders])) stale.add(path);
}

function realFolder(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return folder;
  }
}

/**
 * Imports by Node, through the module hooks. What the file needs by `npm:` specifiers is installed first.
 * @param load imports a specifier as a module in the working directory
 * @param retry whether the import has failed before, without the hooks
 */
export async function importLocal<T>(
  specifier: string,
  cwd: string,
  load: (specifier: string) => Promise<T>,
  retry = false,
): Promise<T> {
  installModuleHooks();
  const key = `${cwd}\0${specifier}`;
  const installed = new Set<string>();
  for (;;) {
    refreshCommonJs(cwd);
    const request = writeCellImport({
      specifier,
      autoreload: autoreloadMode(),
      stale: [...stale],
      retry: failed.delete(key) || retry,
    });
    stale.clear();
    try {
      return await load(request);
    } catch (error) {
      failed.add(key);
      const missing = missingPackages(error)?.filter((each) => !installed.has(each)) ?? [];
      if (missing.length === 0) throw error;
      for (const each of missing) installed.add(each);
      await (await import('./packages.ts')).installAll(missing, cwd);
    } finally {
      commonJs.note();
    }
  }
}

/** `require` of a file: TypeScript too, and loaded anew when it has changed. */
export function requireLocal<T>(cwd: string, load: () => T): T {
  installModuleHooks();
  refreshCommonJs(cwd);
  try {
    return load();
  } finally {
    commonJs.note();
  }
}

/** Whether a tsconfig.json may give names to the project's own files. Without one there is nothing to read. */
export function hasAliases(cwd: string): boolean {
  for (let folder = cwd; ; folder = dirname(folder)) {
    const file = join(folder, 'tsconfig.json');
    if (existsSync(file)) return /"(?:paths|baseUrl|extends|references)"/.test(readFileSync(file, 'utf8'));
    if (folder === dirname(folder)) return false;
  }
}
