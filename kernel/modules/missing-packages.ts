/** `npm:` specifiers in local modules: found where they are installed, or handed to the cell to be installed. */
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PackageError } from '../packages/error.ts';
import { findInstalled, type InstalledPackage } from '../packages/installed.ts';
import {
  bareSpecifier,
  isNpmSpecifier,
  type NpmSpecifier,
  parseNpmSpecifier,
  withRange,
} from '../packages/specifier.ts';
import type { Redirection } from './resolve.ts';
import { parse } from './syntax-error.ts';

const CODE = 'TSLOOP_PACKAGES_MISSING';

/** Survives the way from Node's loader thread by its own properties. */
function missing(specifiers: readonly string[], importer: string): Error {
  const names = specifiers.map((each) => withRange(parseNpmSpecifier(each))).join(' ');
  const error = new PackageError(
    `${importer} imports ${specifiers.join(', ')}, which is not installed: %npm install ${names}`,
  );
  return Object.assign(error, { code: CODE, specifiers });
}

/** The specifiers that an import failed for, as they must be installed first; undefined for any other error. */
export function missingPackages(error: unknown): readonly string[] | undefined {
  const { code, specifiers } = (error ?? {}) as { code?: unknown; specifiers?: readonly string[] };
  return code === CODE ? specifiers : undefined;
}

/** The notebook's packages serve its modules too, wherever these lie. */
function find(wanted: NpmSpecifier, file: string, cwd: string): InstalledPackage | undefined {
  return findInstalled(wanted, dirname(file)) ?? findInstalled(wanted, cwd);
}

/** @throws PackageError for {@link missingPackages} when it is not installed */
export function redirectNpm(specifier: string, file: string, cwd: string): Redirection {
  const wanted = parseNpmSpecifier(specifier);
  const found = find(wanted, file, cwd);
  if (found === undefined) throw missing([specifier], file);
  return {
    specifier: bareSpecifier(wanted),
    parentURL: pathToFileURL(join(found.folder, 'cell.mjs')).href,
  };
}

/**
 * Sees to it that the packages a module names are there before it runs, all at once: those of an
 * import() too, in the middle of which nothing could be installed.
 * @throws PackageError for {@link missingPackages}
 */
export function requirePackages(source: string, file: string, cwd: string): void {
  if (!/['"`]npm:/.test(source)) return;
  const { module } = parse(file, source);
  const requests = [
    ...module.staticImports
      .filter(({ entries }) => entries.length === 0 || entries.some(({ isType }) => !isType))
      .map(({ moduleRequest }) => moduleRequest.value),
    ...module.dynamicImports.map(({ moduleRequest: { start, end } }) => literal(source.slice(start, end))),
  ];
  const absent = new Set(
    requests.filter((each) => isNpmSpecifier(each) && !find(parseNpmSpecifier(each), file, cwd)),
  );
  if (absent.size > 0) throw missing([...absent], file);
}

/** The text of a string literal; empty for any other expression. */
function literal(code: string): string {
  return /^(['"`])([^'"`\\$]*)\1$/.exec(code)?.[2] ?? '';
}
