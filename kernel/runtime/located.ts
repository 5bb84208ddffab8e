/** Where imports of packages lead that Node does not find by itself: `npm:` specifiers, the notebook's cache. */
import { PackageError } from '../packages/error.ts';
import { packageFolder } from '../packages/folders.ts';
import { findInstalled, findPackage } from '../packages/installed.ts';
import { bareSpecifier, isNpmSpecifier, packageOf, parseNpmSpecifier } from '../packages/specifier.ts';

/** What to import instead of the specifier, and the folder to import it from. */
export interface Located {
  readonly specifier: string;
  readonly folder: string;
}

/**
 * Where a specifier with a scheme of its own leads for `require`, which cannot wait for an installation.
 * @throws PackageError when it is not installed, or nothing that Node can import
 */
export function locateInstalled(specifier: string, cwd: string): Located {
  checkScheme(specifier);
  const wanted = parseNpmSpecifier(specifier);
  const found = findInstalled(wanted, cwd);
  if (found === undefined) {
    throw new PackageError(
      `${specifier} is not installed, and require cannot wait for npm. Use import('${specifier}'), or install it first: %npm install ${specifier.slice('npm:'.length)}`,
    );
  }
  return { specifier: bareSpecifier(wanted), folder: found.folder };
}

/** Where to import a bare name from that is not found from the working directory; undefined when nowhere. */
export function locateInCache(specifier: string, cwd: string): string | undefined {
  const name = packageOf(specifier);
  const folder = packageFolder(cwd);
  return name !== undefined && findPackage(name, cwd)?.folder === folder ? folder : undefined;
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
