/**
 * The hooks themselves. On Node 20 this is a module of its own, run by Node on a thread of its own, where
 * what is next in the chain answers with promises; elsewhere they are called, and answered, at once.
 */
import { realpathSync } from 'node:fs';
import type { LoadFnOutput, LoadHookContext, ResolveFnOutput, ResolveHookContext } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { dist } from '../home.ts';
import { packageFolder } from '../packages/folders.ts';
import { checkScheme, hasScheme, isNpmSpecifier, packageOf } from '../packages/specifier.ts';
import { compile } from './compile.ts';
import { redirectNpm, requirePackages } from './missing-packages.ts';
import { matchPaths, type Matcher } from './paths.ts';
import { type CellImport, readCellImport } from './request.ts';
import { compiledExtensions, findFile, redirect, type Redirection } from './resolve.ts';
import { type Importer, ModuleVersions } from './versions.ts';
import { versionOf, withVersion } from './version-url.ts';
import { wasmModule } from './wasm.ts';

type Now<T> = T | Promise<T>;
type NextResolve = (specifier: string, context?: ResolveHookContext) => Now<ResolveFnOutput>;
type NextLoad = (url: string, context?: LoadHookContext) => Now<LoadFnOutput>;

const versions = new ModuleVersions();
/** The working directory of the cell that imported last. */
let cwd = process.cwd();
/** What tsconfig.json files say, read anew for each import of a cell. */
let matchers = new Map<string, Matcher>();

/** Continues with what the next hook gives, or promises. */
function after<T, R>(call: () => Now<T>, next: (value: T) => R, fail: (error: unknown) => Now<R>): Now<R> {
  let value: Now<T>;
  try {
    value = call();
  } catch (error) {
    return fail(error);
  }
  return value instanceof Promise ? value.then(next, fail) : next(value);
}

function pathOf(url: string | undefined): string | undefined {
  if (!url?.startsWith('file:')) return undefined;
  try {
    return fileURLToPath(url);
  } catch {
    return undefined; // An address of another machine, on Windows none with a drive.
  }
}

/** Files of the user's own: packages stay as they are, and so does what runs this. */
function isOwn(url: string): boolean {
  return url.startsWith('file:') && !url.includes('/node_modules/') && !url.startsWith(dist.href);
}

function beginImport({ autoreload, stale }: CellImport, parentURL: string | undefined): void {
  cwd = dirname(pathOf(parentURL) ?? join(process.cwd(), 'cell.mjs'));
  matchers = new Map();
  let folder = cwd;
  try {
    folder = realpathSync(cwd);
  } catch {
    // Node will say that the folder is gone.
  }
  versions.begin({ autoreload, folder, stale });
}

/** What imports, if it is a module that has come with a cell's import. */
function importerOf({ parentURL, conditions }: ResolveHookContext): Importer | undefined {
  const path = pathOf(parentURL);
  if (path === undefined || !versions.has(path)) return undefined;
  return { path, version: conditions.includes('require') ? undefined : versionOf(parentURL ?? '') };
}

/** A name of the project's own, by its tsconfig.json. */
function redirectAlias(specifier: string, folder: string): Redirection | undefined {
  for (const candidate of matchPaths(specifier, folder, matchers)) {
    const file = findFile(candidate);
    // Declarations tell the type checker what Node finds elsewhere.
    if (file !== undefined && !/\.d\.[cm]?ts$/.test(file))
      return { specifier: pathToFileURL(file).href, parentURL: undefined };
  }
  return undefined;
}

function isBare(specifier: string): boolean {
  return packageOf(specifier) !== undefined && !specifier.includes(':');
}

/** What the user's own modules may import beyond what Node and {@link redirect} know. */
function redirectOwn(specifier: string, file: string): Redirection | undefined {
  if (isNpmSpecifier(specifier)) return redirectNpm(specifier, file, cwd);
  if (hasScheme(specifier)) checkScheme(specifier);
  // An alias may begin with any sign (`@/x`, `~/x`, `#x`).
  if (!/^\.{0,2}\/|:/.test(specifier)) return redirectAlias(specifier, dirname(file));
  return undefined;
}

export function resolve(
  specifier: string,
  context: ResolveHookContext,
  next: NextResolve,
): Now<ResolveFnOutput> {
  const cell = readCellImport(specifier);
  if (cell) beginImport(cell, context.parentURL);
  return resolveAs(cell?.specifier ?? specifier, context, next, cell);
}

function resolveAs(
  specifier: string,
  context: ResolveHookContext,
  next: NextResolve,
  cell: CellImport | undefined,
): Now<ResolveFnOutput> {
  const isRequire = context.conditions.includes('require');
  const importer = importerOf(context);
  const file = isOwn(context.parentURL ?? '') ? pathOf(context.parentURL) : undefined;
  const locate = (): Now<ResolveFnOutput> => {
    const to =
      redirect(specifier, context.parentURL, isRequire ? 'require' : 'import') ??
      (file !== undefined && !isRequire ? redirectOwn(specifier, file) : undefined);
    if (to === undefined) return next(specifier);
    return next(to.specifier, { ...context, parentURL: to.parentURL });
  };
  const found = (result: ResolveFnOutput): ResolveFnOutput => {
    const path = pathOf(result.url);
    // A local .ts may import JSON as TypeScript lets it, without an attribute.
    const isJson = file !== undefined && !isRequire && path !== undefined && extname(path) === '.json';
    const typed = isJson
      ? { ...result, importAttributes: { ...context.importAttributes, type: 'json' } }
      : result;
    if (path === undefined || !isOwn(result.url) || !(cell || importer)) return typed;
    const version = versions.use(path, importer, cell?.retry);
    // To require a file is its path; a fresh one is found by taking the old one out of its cache.
    return isRequire ? typed : { ...typed, url: withVersion(result.url, version) };
  };
  const fail = (error: unknown): never => {
    if (importer) versions.failed(importer);
    throw error;
  };
  return after(locate, found, (error) => {
    if (file === undefined || isRequire || !isMissingPackage(error) || !isBare(specifier)) return fail(error);
    // What is installed for the notebook serves its modules too.
    const parentURL = pathToFileURL(join(packageFolder(cwd), 'cell.mjs')).href;
    return after(
      () => next(specifier, { ...context, parentURL }),
      found,
      () => fail(error),
    );
  });
}

function isMissingPackage(error: unknown): boolean {
  return (error as { code?: unknown } | undefined)?.code === 'ERR_MODULE_NOT_FOUND';
}

export function load(url: string, context: LoadHookContext, next: NextLoad): Now<LoadFnOutput> {
  const path = pathOf(url);
  if (path === undefined) return next(url, context);
  const extension = extname(path);
  if (extension === '.wasm') return { format: 'module', source: wasmModule(path), shortCircuit: true };
  if (!isOwn(url)) {
    return compiledExtensions.includes(extension)
      ? { ...compile(path), shortCircuit: true }
      : next(url, context);
  }
  if (compiledExtensions.includes(extension)) {
    const compiled = compile(path);
    if (compiled.format === 'module') requirePackages(compiled.source, path, cwd);
    return { ...compiled, shortCircuit: true };
  }
  return after(
    () => next(url, context),
    (loaded) => {
      if (loaded.format === 'module' && loaded.source) requirePackages(textOf(loaded.source), path, cwd);
      return loaded;
    },
    (error) => {
      throw error;
    },
  );
}

function textOf(source: string | ArrayBuffer | NodeJS.TypedArray): string {
  return typeof source === 'string' ? source : new TextDecoder().decode(source);
}
