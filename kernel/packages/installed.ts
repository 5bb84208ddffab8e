/** Which package a `npm:` specifier or a bare name finds without installing anything. */
import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { besideFolder, packageFolder } from './folders.ts';
import { type NpmSpecifier, withRange } from './specifier.ts';

interface Semver {
  satisfies(version: string, range: string): boolean;
  validRange(range: string): string | null;
}

export interface InstalledPackage {
  /** The folder whose node_modules holds it: imports from there find it. */
  readonly folder: string;
  readonly version: string;
}

let loaded: Semver | undefined;

function semver(): Semver {
  loaded ??= createRequire(import.meta.url)('semver') as Semver;
  return loaded;
}

/** The version in `folder`'s own node_modules; undefined without one, or with the rests of one. */
function versionIn(folder: string, name: string): string | undefined {
  try {
    const text = readFileSync(join(folder, 'node_modules', name, 'package.json'), 'utf8');
    const { version } = JSON.parse(text) as { version?: unknown };
    // A package of the user's own, linked here, may do without a version.
    return typeof version === 'string' ? version : '0.0.0';
  } catch {
    return undefined;
  }
}

/** What an import of the bare name finds from `cwd`: upwards as Node looks, then in the notebook's cache. */
export function findPackage(name: string, cwd: string): InstalledPackage | undefined {
  for (let folder = cwd; ; folder = dirname(folder)) {
    const version = versionIn(folder, name);
    if (version !== undefined) return { folder, version };
    if (folder === dirname(folder)) break;
  }
  const folder = packageFolder(cwd);
  const version = versionIn(folder, name);
  return version === undefined ? undefined : { folder, version };
}

/** A tag (`next`) names another version tomorrow: what is installed cannot be told to be it. */
function isTag(range: string): boolean {
  return semver().validRange(range) === null;
}

function satisfies(version: string, range: string): boolean {
  if (range === '' || range === '*' || range === 'latest') return true;
  return semver().satisfies(version, range);
}

/**
 * The package that a specifier means for a notebook in `cwd`: what its project or cache has if the
 * version fits, else what was installed beside it. Undefined when it must be installed.
 */
export function findInstalled(specifier: NpmSpecifier, cwd: string): InstalledPackage | undefined {
  const own = findPackage(specifier.name, cwd);
  if (own !== undefined && satisfies(own.version, specifier.range)) return own;
  const folder = besideFolder(withRange(specifier));
  // Most specifiers never were installed beside anything.
  if (statSync(folder, { throwIfNoEntry: false }) === undefined) return undefined;
  const version = versionIn(folder, specifier.name);
  return version === undefined ? undefined : { folder, version };
}

/** Where to install it: with the notebook's own packages, unless they hold another version or the range is a tag. */
export function installTarget(specifier: NpmSpecifier, cwd: string): string {
  const { name, range } = specifier;
  const isBeside =
    (range !== 'latest' && range !== '' && isTag(range)) || findPackage(name, cwd) !== undefined;
  return isBeside ? besideFolder(withRange(specifier)) : packageFolder(cwd);
}
