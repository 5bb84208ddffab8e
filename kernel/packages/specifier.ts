/**
 * `npm:name@version/sub/path`, as Deno writes it. Cheap to import: whoever reads imports may ask,
 * the type checker included.
 */
import { PackageError } from './error.ts';

export interface NpmSpecifier {
  /** `lodash`, `@scope/name` */
  readonly name: string;
  /** A version, a range or a tag of the registry; empty when none is given. */
  readonly range: string;
  /** What follows the package, without the slash in front; empty for the package itself. */
  readonly subpath: string;
}

/** npm's rule for names, but for capital letters: old packages have them (`JSONStream`). */
const packageName = /^(?:@[\w~-][\w.~-]*\/)?[\w~][\w.~-]*$/;

/** Versions, ranges and tags; npm would take folders and addresses too, which have no place in an import. */
const versionOrTag = /^(?![-\s])[\w.^~<>=|*+ -]*$/;

/** Whether npm would take it for the name of a package. */
function isPackageName(text: string): boolean {
  return text.length <= 214 && packageName.test(text);
}

export function isNpmSpecifier(text: string): boolean {
  return text.startsWith('npm:');
}

/** @throws PackageError for text that is no `npm:` specifier, saying how one is written */
export function parseNpmSpecifier(text: string): NpmSpecifier {
  // `npm:/name` is an older spelling of Deno's; the name begins behind the slash.
  const parts = /^npm:\/?((?:@[^/@]+\/)?[^/@]+)(?:@([^/]+))?(?:\/(.*))?$/.exec(text);
  const [, name = '', range = '', subpath = ''] = parts ?? [];
  const version = decode(range);
  if (!isPackageName(name) || !versionOrTag.test(version)) {
    throw new PackageError(
      `'${text}' names no package. Write npm:name, npm:name@version or npm:name@version/path.`,
    );
  }
  return { name, range: version, subpath };
}

/** Deno's URLs write a range's special characters by their codes: `%5E1.2`. */
function decode(range: string): string {
  try {
    return decodeURIComponent(range);
  } catch {
    return range;
  }
}

/** The package with its version, as npm takes it: `lodash@^4`. */
export function withRange({ name, range }: NpmSpecifier): string {
  return range === '' ? name : `${name}@${range}`;
}

/** What Node imports once the package is there: `lodash/fp`. */
export function bareSpecifier({ name, subpath }: NpmSpecifier): string {
  return subpath === '' ? name : `${name}/${subpath}`;
}

/** The package that a bare specifier means: of `@scope/name/part` it is `@scope/name`. Undefined when it is none. */
export function packageOf(specifier: string): string | undefined {
  const name = /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? '';
  return isPackageName(name) ? name : undefined;
}

/** Schemes of other systems' imports, and of addresses. */
const otherScheme = /^(?:npm|jsr|https?):/;

/** Whether a specifier begins with a scheme that Node itself cannot import. */
export function hasScheme(specifier: string): boolean {
  return otherScheme.test(specifier);
}

/** @throws PackageError for a scheme other than `npm:`, saying what to write instead */
export function checkScheme(specifier: string): void {
  if (isNpmSpecifier(specifier)) return;
  if (specifier.startsWith('jsr:')) {
    const name = /@[\w-]+\/[\w-]+/.exec(specifier)?.[0] ?? '@scope/name';
    throw new PackageError(
      `Cannot import ${specifier}: packages of jsr.io are not supported by their jsr: names. \`!npx jsr add ${name}\` adds this one to a project; then import '${name}'.`,
    );
  }
  throw new PackageError(
    `Cannot import ${specifier}: code is not imported from web addresses. If it is a package, import it by 'npm:NAME'; else download the file and import that.`,
  );
}
