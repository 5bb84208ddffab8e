/** `import` and `require` for cells, which the inspector's scripts do not have themselves. */
import { createRequire, isBuiltin } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { constants, Script } from 'node:vm';
import { dist } from '../home.ts';
import { hasScheme, packageOf } from '../packages/specifier.ts';
import { hasAliases, importLocal, requireLocal } from './local-imports.ts';
import { locateInCache, locateInstalled } from './located.ts';
import { placeAt } from './stack.ts';

type Import = (specifier: string, options?: ImportCallOptions) => Promise<Record<string, unknown>>;

/** The scheduler that cells import: the kernel's own instance, wherever the notebook lies. */
const scheduler = new URL('src/index.js', dist).href;

/** Node says once that the constant below is experimental: nothing that a notebook's reader could act on. */
function hideExperimentalWarning(): void {
  const emitWarning = process.emitWarning.bind(process) as (...args: unknown[]) => void;
  process.emitWarning = (warning: unknown, ...rest: unknown[]): void => {
    if (!String(warning).includes('USE_MAIN_CONTEXT_DEFAULT_LOADER')) emitWarning(warning, ...rest);
  };
}

/** Modules that the kernel itself is. */
const provided = new Map<string, () => Record<string, unknown>>();

/** From now on cells that import `name` get what `make` makes, once. */
export function provideModule(name: string, make: () => Record<string, unknown>): void {
  let made: Record<string, unknown> | undefined;
  provided.set(name, () => (made ??= make()));
}

function makeImport(directory: string): Import {
  const { USE_MAIN_CONTEXT_DEFAULT_LOADER } = constants as unknown as {
    USE_MAIN_CONTEXT_DEFAULT_LOADER: never;
  };
  return new Script('(specifier, options) => import(specifier, options)', {
    // Relative specifiers are resolved from here: a file that need not exist, beside the notebook.
    filename: join(directory, 'cell.mjs'),
    importModuleDynamically: USE_MAIN_CONTEXT_DEFAULT_LOADER,
  }).runInThisContext() as Import;
}

/** What imports for the folders that cells have imported from. */
const loaders = new Map<string, Import>();

function loaderIn(folder: string): Import {
  let loader = loaders.get(folder);
  if (loader === undefined) {
    if (loaders.size === 0) hideExperimentalWarning();
    loader = makeImport(folder);
    loaders.set(folder, loader);
  }
  return loader;
}

/**
 * Imports as a module in the working directory would.
 * @param needed names that must be among the exports
 */
export async function importFromCell(
  specifier: unknown,
  options?: ImportCallOptions,
  needed: readonly string[] = [],
): Promise<Record<string, unknown>> {
  const call = new Error('import');
  try {
    const module = await importModule(specifier, options);
    const missing = needed.find((name) => !(name in module));
    if (missing === undefined) return module;
    throw new SyntaxError(`The module '${String(specifier)}' does not provide an export named '${missing}'`);
  } catch (error) {
    placeAt(error, call);
    throw error;
  }
}

/** Only the user's own files may be TypeScript, change, or import tsloop; packages and node: need no hooks. */
const ownFile = /^(?:\.{0,2}\/|\.{1,2}$|file:|tsloop\/|#|[A-Za-z]:[\\/])/;

async function importModule(
  specifier: unknown,
  options?: ImportCallOptions,
): Promise<Record<string, unknown>> {
  const name = String(specifier);
  const own = provided.get(name);
  if (own) return own();
  if (name === 'tsloop') return (await import(scheduler)) as Record<string, unknown>;
  const cwd = process.cwd();
  if (hasScheme(name)) {
    const located = await (await import('./packages.ts')).locatePackage(name, cwd);
    return load(located.specifier, located.folder, options);
  }
  if (ownFile.test(name)) return importOwn(name, cwd, options);
  return isBuiltin(name) || name.includes(':') ? load(name, cwd, options) : importPackage(name, cwd, options);
}

function importOwn(
  name: string,
  cwd: string,
  options: ImportCallOptions | undefined,
  retry = false,
): Promise<Record<string, unknown>> {
  return importLocal(name, cwd, (request) => loaderIn(cwd)(request, attributesOf(name, options)), retry);
}

/** JSON needs no attribute in a cell. */
function attributesOf(name: string, options: ImportCallOptions | undefined): ImportCallOptions | undefined {
  return name.endsWith('.json') && options === undefined ? { with: { type: 'json' } } : options;
}

function load(
  name: string,
  folder: string,
  options: ImportCallOptions | undefined,
): Promise<Record<string, unknown>> {
  return loaderIn(folder)(name, attributesOf(name, options));
}

/** By its bare name: from the working directory, as Node does, and then from the notebook's cache. */
async function importPackage(
  name: string,
  cwd: string,
  options: ImportCallOptions | undefined,
): Promise<Record<string, unknown>> {
  try {
    // A name of the project's own is found by the hooks only.
    return await (hasAliases(cwd) ? importOwn(name, cwd, options) : load(name, cwd, options));
  } catch (error) {
    // A package of the user's own, linked or in a workspace, may consist of TypeScript.
    if (codeOf(error) === 'ERR_UNKNOWN_FILE_EXTENSION') return importOwn(name, cwd, options, true);
    if (!isMissing(error, name)) throw error;
    const folder = locateInCache(name, cwd);
    if (folder !== undefined) return load(name, folder, options);
    const wanted = packageOf(name);
    if (wanted !== undefined) error.message += `. Install it: %npm install ${wanted}`;
    throw error;
  }
}

function codeOf(error: unknown): string {
  return String((error as { code?: unknown } | undefined)?.code);
}

/** Whether the package itself was not found, and not something that it needs. */
function isMissing(error: unknown, specifier: string): error is Error {
  return (
    error instanceof Error &&
    /^(?:ERR_)?MODULE_NOT_FOUND$/.test(codeOf(error)) &&
    [specifier, packageOf(specifier)].some((name) => error.message.includes(`'${name}'`))
  );
}

/** What `import.meta` is in a cell: that of a module in the working directory. */
export const cellMeta = {
  get url(): string {
    return pathToFileURL(join(process.cwd(), 'cell.mjs')).href;
  },
  get dirname(): string {
    return process.cwd();
  },
  get filename(): string {
    return join(process.cwd(), 'cell.mjs');
  },
  resolve(specifier: string): string {
    if (isBuiltin(specifier)) return specifier.startsWith('node:') ? specifier : `node:${specifier}`;
    if (specifier.startsWith('data:')) return specifier;
    const local = /^(?:\.{0,2}\/|file:)/.test(specifier);
    return local
      ? new URL(specifier, cellMeta.url).href
      : pathToFileURL(cellRequire().resolve(specifier)).href;
  },
};

/** `require` as of a CommonJS module in the working directory, which also finds the notebook's packages. */
export function cellRequire(): NodeJS.Require {
  const cwd = process.cwd();
  const own = requireIn(cwd);
  const find = <T>(id: string, call: (require: NodeJS.Require, id: string) => T): T => {
    // Wherever the notebook lies, and whatever is installed there.
    if (/^tsloop(?:\/|$)/.test(id)) return call(createRequire(scheduler), id);
    if (hasScheme(id)) {
      const { folder, specifier } = locateInstalled(id, cwd);
      return call(requireIn(folder), specifier);
    }
    try {
      return ownFile.test(id) ? requireLocal(cwd, () => call(own, id)) : call(own, id);
    } catch (error) {
      const folder = isMissing(error, id) ? locateInCache(id, cwd) : undefined;
      if (folder === undefined) throw error;
      return call(requireIn(folder), id);
    }
  };
  const resolve = (id: string, options?: NodeJS.RequireResolveOptions): string =>
    find(id, (require, name) => require.resolve(name, options));
  const take = (id: string): unknown =>
    provided.get(id)?.() ?? find(id, (require, name) => require(name) as unknown);
  return Object.assign(take, {
    resolve: Object.assign(resolve, { paths: own.resolve.paths }),
    cache: own.cache,
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    extensions: own.extensions,
    main: own.main,
  });
}

function requireIn(folder: string): NodeJS.Require {
  return createRequire(join(folder, 'cell.cjs'));
}
