/** Where imports of packages lead that Node does not find by itself: `npm:` specifiers, the notebook's cache. */
import { PackageError } from '../packages/error.ts';
import { packageFolder } from '../packages/folders.ts';
import { findInstalled, findPackage } from '../packages/installed.ts';
import { bareSpecifier, checkScheme, packageOf, parseNpmSpecifier } from '../packages/specifier.ts';

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
