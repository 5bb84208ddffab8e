/**
 * Which version of a module an import gets. Node keeps a module for as long as the process lives; under
 * another URL it loads it anew. So a file that has changed gets a new version, which becomes part of its
 * URL, and so do all that import it, directly or not. The others stay what they are, with their state.
 */
import { sep } from 'node:path';
import { fileState, type FileState } from './files.ts';
import type { Autoreload } from './request.ts';

/** A module that imports another. */
export interface Importer {
  readonly path: string;
  /** Undefined when it is not known which version of the module it is: with `require`. */
  readonly version: number | undefined;
}

interface LocalModule {
  /** 0 until it has been loaded anew. */
  version: number;
  state: FileState | undefined;
  /** What it imports, each with the version that it got. */
  readonly dependencies: Map<string, number>;
  /** The cell's import that it was loaded in. */
  loadedIn: number;
  /** The cell's import that it was last looked at in. */
  checkedIn: number;
  /** It must be loaded anew, whatever its file says. */
  isStale: boolean;
}

export interface ImportOptions {
  readonly autoreload: Autoreload;
  /** The working directory (its real path). */
  readonly folder: string;
  readonly stale: readonly string[];
}

export class ModuleVersions {
  readonly #modules = new Map<string, LocalModule>();
  /** Where cells have worked: %cd does not make other files of those that were followed. */
  readonly #folders = new Set<string>();
  #autoreload: Autoreload = 'on';
  #lastVersion = 0;
  /** Counts the imports of cells. */
  #import = 0;
  readonly #read: typeof fileState;

  constructor(read: typeof fileState = fileState) {
    this.#read = read;
  }

  /** Whether a file belongs to what cells have imported. */
  has(path: string): boolean {
    return this.#modules.has(path);
  }

  /** A cell imports something: what has changed since the last import counts from now on. */
  begin({ autoreload, folder, stale }: ImportOptions): void {
    this.#import += 1;
    this.#autoreload = autoreload;
    this.#folders.add(folder);
    for (const path of stale) this.#markStale(path);
  }

  /**
   * The version of the file that an import gets now.
   * @param retry whether what was loaded together with it is to be loaded once more
   */
  use(path: string, importer?: Importer, retry = false): number {
    let module = this.#modules.get(path);
    if (module === undefined) {
      module = {
        version: retry ? (this.#lastVersion += 1) : 0,
        state: this.#read(path),
        dependencies: new Map(),
        loadedIn: this.#import,
        checkedIn: this.#import,
        isStale: false,
      };
      this.#modules.set(path, module);
    } else this.#refresh(path, module, retry);
    const from = importer && this.#modules.get(importer.path);
    // Code of an older version may still run; what it imports says nothing of the module as it is.
    if (from && (importer.version === undefined || importer.version === from.version)) {
      from.dependencies.set(path, module.version);
    }
    return module.version;
  }

  /** What the module imports is not there: Node would remember the failure for this version. */
  failed({ path }: Importer): void {
    this.#markStale(path);
  }

  #markStale(path: string): void {
    const module = this.#modules.get(path);
    if (module === undefined) return;
    module.isStale = true;
    // Looked at before or not, it must be loaded anew with the next import.
    module.checkedIn = -1;
  }

  #refresh(path: string, root: LocalModule, retry: boolean): void {
    // Within one import of a cell all modules agree on what there is.
    if (root.checkedIn === this.#import && !retry) return;
    const graph = this.#reachable(path);
    const { loadedIn } = root;
    for (const [file, module] of graph) {
      if (module.checkedIn !== this.#import && this.#hasChanged(file, module)) module.isStale = true;
      if (retry && module.loadedIn === loadedIn) module.isStale = true;
      module.checkedIn = this.#import;
    }
    this.#spread(graph);
    for (const module of graph.values()) {
      if (!module.isStale) continue;
      this.#lastVersion += 1;
      module.version = this.#lastVersion;
      module.loadedIn = this.#import;
      module.isStale = false;
      module.dependencies.clear();
    }
  }

  /** The module and all that it imports, directly or not. */
  #reachable(path: string): Map<string, LocalModule> {
    const graph = new Map<string, LocalModule>();
    const open = [path];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const module = this.#modules.get(next);
      if (module === undefined || graph.has(next)) continue;
      graph.set(next, module);
      open.push(...module.dependencies.keys());
    }
    return graph;
  }

  #hasChanged(path: string, module: LocalModule): boolean {
    if (!this.#isFollowed(path)) return false;
    const state = this.#read(path, module.state);
    const changed = state?.content !== module.state?.content;
    module.state = state;
    return changed;
  }

  #isFollowed(path: string): boolean {
    if (this.#autoreload === 'off') return false;
    if (this.#autoreload === 'all') return true;
    for (const folder of this.#folders) {
      if (path.startsWith(folder.endsWith(sep) ? folder : folder + sep)) return true;
    }
    return false;
  }

  /** Whoever imports a stale module, or has an older version of one, is stale; also in a circle. */
  #spread(graph: ReadonlyMap<string, LocalModule>): void {
    let isDone = false;
    while (!isDone) {
      isDone = true;
      for (const module of graph.values()) {
        if (module.isStale) continue;
        module.isStale = [...module.dependencies].some(([path, version]) => {
          const dependency = graph.get(path);
          return dependency !== undefined && (dependency.isStale || dependency.version !== version);
        });
        if (module.isStale) isDone = false;
      }
    }
  }
}
