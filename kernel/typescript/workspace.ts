/**
 * The folder that the language server works in: a private one, in which the user's folders are mirrored. A cell's
 * document is called `<root>/home/user/project/cell-7.ts` and lies on no disk; what it imports is found as from
 * /home/user/project, because
 * - `rootDirs` lays the mirror over the file system, for relative imports,
 * - every mirrored folder has a link to the real `node_modules`, for packages, and
 * - a tsconfig.json stands where the user's would, which it extends.
 * The user's folders themselves are never written to.
 */
import { mkdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { dist, home } from '../home.ts';
import { packageFolder } from '../packages/folders.ts';
import { makeRoot, removeAbandoned } from './abandoned.ts';
import { globalsDeclaration } from './globals.ts';
import { declareOwnModules, type OwnDeclarations } from './own-modules.ts';
import { LocalFiles, type PathMapping } from './local-files.ts';
import { cellConfig } from './options.ts';
import { packageMapping } from './package-imports.ts';
import type { FileChange } from './server.ts';
import { findUserConfig, readUserConfig, upwards, type UserConfig } from './user-config.ts';

export interface WorkspaceOptions {
  /** The folder, if it has been made already. */
  readonly root?: string | undefined;
  /** Is told, in one sentence, what the user should know of a tsconfig.json. */
  onNotice(this: void, text: string): void;
}

/** What a workspace needs of the server when something has changed: a LanguageServer, or a fake. */
export interface Refreshed {
  restart(): void;
  filesChanged(changes: readonly FileChange[]): void;
}

/** A folder of the workspace that no other project takes in: TypeScript looks into none whose name begins with a dot. */
const FIRST = '.first';

/** Seconds until what killed kernels left behind is removed: not while the user waits for the first cell. */
const TIDY_DELAY = 10;

/** Files that package managers write at the end of an installation, in node_modules. */
const INSTALLED = ['.package-lock.json', '.modules.yaml', '.yarn-state.yml'];

export class Workspace {
  /** An absolute path, without links. */
  readonly root: string;
  readonly #options: WorkspaceOptions;
  readonly #globals: string;
  readonly #ownModules: OwnDeclarations;
  #cwd = '';
  /** `cwd` and the folders above it. */
  #levels: readonly string[] = [];
  #config: UserConfig | undefined;
  /** What the user's package.json gives names to. */
  #imports: PathMapping = {};
  /** The files of configuration that were written, with their content. */
  readonly #written = new Map<string, string>();
  /** Links to node_modules, with what they lead to. */
  readonly #links = new Map<string, string>();
  /** The mirrors of all folders that the session was in. */
  readonly #folders = new Set<string>();
  /** What `#look` saw last. */
  #seen = '';
  readonly #localFiles = new LocalFiles();
  readonly #noticed = new Set<string>();
  readonly #removeAtExit = (): void => this.dispose();

  private constructor(root: string, options: WorkspaceOptions) {
    this.#options = options;
    this.root = root;
    process.once('exit', this.#removeAtExit);
    setTimeout(() => void removeAbandoned(tmpdir()), TIDY_DELAY * 1000).unref();
    this.#globals = path.join(this.root, 'globals.d.ts');
    const compatTypes = fileURLToPath(new URL('kernel/compat/types.d.ts', dist));
    const displayTypes = fileURLToPath(new URL('kernel/display/types.d.ts', dist));
    writeFileSync(
      this.#globals,
      globalsDeclaration(packageFile('execa', 'index.d.ts'), displayTypes, compatTypes),
    );
    this.#ownModules = declareOwnModules(this.root);
  }

  /** @throws Error when the temporary folder cannot be written to */
  static create(cwd: string, options: WorkspaceOptions): Workspace {
    const root = options.root ?? makeRoot();
    try {
      const workspace = new Workspace(root, options);
      workspace.chdir(cwd);
      return workspace;
    } catch (error) {
      // A full disk: what there is of it is of use to nobody.
      rmSync(root, { recursive: true, force: true });
      throw error;
    }
  }

  /** The folder that documents are in. */
  get cwd(): string {
    return this.#cwd;
  }

  /** The URI of a document of that name, such as `cell-7.ts`, in the present folder. */
  uriOf(name: string): string {
    return pathToFileURL(this.pathOf(name)).href;
  }

  /** A document of a project with the same options but without types of Node or packages: see first-check.ts. */
  get firstUri(): string {
    return pathToFileURL(path.join(this.root, FIRST, 'cell.ts')).href;
  }

  /** The names that JSX is compiled to calls of, going by the user's settings. */
  get jsxNames(): string[] {
    const { jsxFactory, jsxFragmentFactory } = this.#config?.options ?? {};
    // Of a path such as `preact.h`, what it begins with.
    return ['React', jsxFactory, jsxFragmentFactory].flatMap((name) => name?.split('.', 1) ?? []);
  }

  /** Its path. There is no such file. */
  pathOf(name: string): string {
    return path.join(this.#mirror(this.#cwd), name);
  }

  /** Later documents are in this folder, an absolute path; those that there are stay where they are. */
  chdir(cwd: string): void {
    if (cwd === this.#cwd) return;
    const isFirst = this.#cwd === '';
    this.#cwd = cwd;
    this.#levels = upwards(cwd);
    mkdirSync(this.#mirror(cwd), { recursive: true });
    this.#folders.add(this.#mirror(cwd));
    const isChanged = this.#configure();
    // A configuration that the server may have read already is another one now: it has to start anew.
    this.#seen = isChanged && !isFirst ? '' : this.#look();
  }

  /**
   * To be called before each check: finds what has changed on disk since the last time, by some calls of `stat`, and
   * tells the server. When packages were installed or the configuration was edited, the server starts anew, as it
   * keeps what it has read of packages; that takes less than any installation.
   * @param code the cell that is going to be checked: its imports are looked at from now on
   */
  refresh(server: Refreshed, code = ''): void {
    const seen = this.#look();
    if (seen !== this.#seen) {
      this.#configure();
      this.#seen = this.#look();
      server.restart();
    }
    const mapping: PathMapping = { ...this.#imports, ...this.#config?.options.paths };
    const changes = this.#localFiles.changes(mapping);
    this.#localFiles.follow(code, this.#cwd, mapping);
    if (changes.length > 0) server.filesChanged(changes);
  }

  /** Removes the folder. */
  dispose(): void {
    process.off('exit', this.#removeAtExit);
    // Links are removed, not what they lead to.
    rmSync(this.root, { recursive: true, force: true, maxRetries: 3 });
  }

  /** The folder that stands for one of the user's. */
  #mirror(folder: string): string {
    const { root } = path.parse(folder);
    return path.join(this.#mirrorOfRoot(root), path.relative(root, folder));
  }

  /** On Windows there are several roots: `C:\`, `\\server\share\`. */
  #mirrorOfRoot(root: string): string {
    return path.join(this.root, root.replaceAll(/[^\w.-]+/g, '_').replace(/^_$/, ''));
  }

  /** Writes links and the configuration for the present folder. Says whether that takes the place of another. */
  #configure(): boolean {
    for (const level of this.#levels) this.#link(level);
    const file = findUserConfig(this.#cwd);
    this.#config = file === undefined ? undefined : readUserConfig(file);
    for (const problem of this.#config?.problems ?? []) this.#notice(problem);
    this.#imports = packageMapping(this.#levels, this.#config?.options.customConditions);
    const { root } = path.parse(this.#cwd);
    const folder = file === undefined ? this.#mirrorOfRoot(root) : this.#mirror(path.dirname(file));
    const config = cellConfig(
      {
        rootDirs: [this.#mirrorOfRoot(root), root],
        nodeTypes: this.#nodeTypes(),
        globals: this.#globals,
        ...this.#ownModules,
        imports: this.#imports,
        others: [...this.#folders].filter((each) => !isTakenIn(path.relative(folder, each))),
      },
      this.#config,
    );
    this.#removeConfigsBelow(folder);
    mkdirSync(folder, { recursive: true });
    const isChanged = this.#write(path.join(folder, 'tsconfig.json'), config);
    const { compilerOptions } = config;
    mkdirSync(path.join(this.root, FIRST), { recursive: true });
    const first = {
      ...config,
      // What is right with the oldest library is so with any, and this one is read in no time.
      compilerOptions: { ...compilerOptions, types: [], lib: ['es5'] },
      files: [],
      include: ['cell.ts'],
    };
    this.#write(path.join(this.root, FIRST, 'tsconfig.json'), first);
    return isChanged;
  }

  /** A configuration of the user's that is gone must not be found on the way up from the present folder. */
  #removeConfigsBelow(folder: string): void {
    for (const level of this.#levels.map((each) => this.#mirror(each))) {
      if (level === folder) return;
      const file = path.join(level, 'tsconfig.json');
      if (this.#written.delete(file)) rmSync(file, { force: true });
    }
  }

  /** @returns whether another text was there */
  #write(file: string, config: object): boolean {
    const text = `${JSON.stringify(config, undefined, 2)}\n`;
    const old = this.#written.get(file);
    if (old === text) return false;
    writeFileSync(file, text);
    this.#written.set(file, text);
    return old !== undefined;
  }

  /**
   * A link to the real node_modules. The present folder gets one though there is nothing yet: it is there when the
   * first package is. In a folder of no project that is in the cache.
   */
  #link(level: string): void {
    const own = path.join(level, 'node_modules');
    const target = level === this.#cwd && !exists(own) ? this.#packages() : own;
    const isProject = level === this.#cwd || exists(target) || exists(path.join(level, 'package.json'));
    if (!isProject) return;
    const folder = this.#mirror(level);
    mkdirSync(folder, { recursive: true });
    const link = path.join(folder, 'node_modules');
    if (this.#links.get(link) === target) return;
    // The folder has become a project, perhaps.
    rmSync(link, { force: true });
    // Windows lets everybody make junctions, but not links.
    symlinkSync(target, link, 'junction');
    this.#links.set(link, target);
  }

  /** Where `%npm` installs packages for notebooks in the present folder. */
  #packages(): string {
    const folder = packageFolder(this.#cwd);
    return path.join(this.#levels.includes(folder) ? this.#cwd : folder, 'node_modules');
  }

  /** The user's own types of Node, if there are any; never both, as they declare the same names. */
  #nodeTypes(): string {
    const name = path.join('node_modules', '@types', 'node');
    const own = this.#levels.map((level) => path.join(level, name)).find((folder) => exists(folder));
    return own ?? packageFile('@types/node', '.');
  }

  /** A text that is another one when packages were installed or the configuration was edited. */
  #look(): string {
    const files = this.#levels.flatMap((level) => {
      const modules = path.join(level, 'node_modules');
      return [path.join(level, 'tsconfig.json'), modules, path.join(level, 'package.json')].concat(
        exists(modules)
          ? [path.join(modules, '@types'), ...INSTALLED.map((name) => path.join(modules, name))]
          : [],
      );
    });
    const cached = path.join(this.#packages(), '.package-lock.json');
    return [...files, cached, ...(this.#config?.files ?? [])].map(stampOf).join(' ');
  }

  #notice(problem: string): void {
    if (this.#noticed.has(problem)) return;
    this.#noticed.add(problem);
    const consequence = this.#config?.usable === true ? 'without it' : 'with the default options';
    this.#options.onNotice(`${problem} Cells are checked ${consequence} until that is repaired.`);
  }
}

/** A file of one of the kernel's own dependencies. */
function packageFile(name: string, file: string): string {
  // `exports` of a package may hide its package.json and its types: the folders are looked through instead.
  const folders = createRequire(home).resolve.paths(name) ?? [];
  const found = folders.map((folder) => path.join(folder, name, file)).find((each) => exists(each));
  return found ?? path.join(fileURLToPath(home), 'node_modules', name, file);
}

/** Whether a configuration takes in a folder, of which this is the path from its own: `**` leaves out some. */
function isTakenIn(way: string): boolean {
  return !path.isAbsolute(way) && !/(?:^|[\\/])\./.test(way);
}

function exists(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false }) !== undefined;
}

/** Changes with a file's content or a folder's entries, and when it appears, is replaced, or goes. */
function stampOf(file: string): string {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (!stats) return '-';
  return `${stats.ino}/${stats.mtimeMs}/${stats.isDirectory() ? '' : stats.size}`;
}
