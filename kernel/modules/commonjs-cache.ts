/**
 * CommonJS files that have changed are taken out of Node's cache of them, with all that require them: the
 * next `require`, or import, loads them anew. Node keeps this cache by path, where no version fits in.
 */
import { sep } from 'node:path';
import { fileState, type FileState } from './files.ts';

interface CachedModule {
  readonly children?: readonly { readonly id: string; readonly filename: string | null }[];
}

export class CommonJsCache {
  readonly #cache: Record<string, CachedModule | undefined>;
  readonly #read: typeof fileState;
  readonly #known = new Map<string, { state: FileState | undefined; module: CachedModule }>();

  /** @param cache `require.cache` */
  constructor(cache: Record<string, CachedModule | undefined>, read: typeof fileState = fileState) {
    this.#cache = cache;
    this.#read = read;
  }

  /** Remembers what the files are that have been loaded since: called when something has been loaded. */
  note(): void {
    for (const path of this.#files()) {
      const module = this.#cache[path];
      if (module && this.#known.get(path)?.module !== module) {
        this.#known.set(path, { state: this.#read(path), module });
      }
    }
  }

  /**
   * Takes out what has changed below the folders (undefined: anywhere) since it was loaded.
   * @returns the paths of what was taken out
   */
  refresh(folders: readonly string[] | undefined): string[] {
    const isBelow = (path: string): boolean =>
      folders?.some((folder) => path.startsWith(folder.endsWith(sep) ? folder : folder + sep)) ?? true;
    const stale = new Set<string>();
    for (const [path, known] of this.#known) {
      if (!isBelow(path)) continue;
      const state = this.#read(path, known.state);
      if (state?.content !== known.state?.content) stale.add(path);
      known.state = state;
    }
    if (stale.size === 0) return [];
    this.#spread(stale);
    for (const path of stale) {
      // eslint-disable-next-line @typescript-eslint/no-dynamic-delete
      delete this.#cache[path];
      this.#known.delete(path);
    }
    return [...stale];
  }

  #files(): string[] {
    return Object.keys(this.#cache).filter((path) => !path.includes(`${sep}node_modules${sep}`));
  }

  /** Adds all that require something stale, directly or not. */
  #spread(stale: Set<string>): void {
    for (let before = -1; before !== stale.size;) {
      before = stale.size;
      for (const path of this.#known.keys()) {
        if (this.#cache[path]?.children?.some(({ filename }) => filename !== null && stale.has(filename))) {
          stale.add(path);
        }
      }
    }
  }
}
