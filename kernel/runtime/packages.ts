/** Imports in cells that must be installed first. Loaded with the first of them. */
import { npmServices } from '../magics/npm.ts';
import { ensureInstalled } from '../packages/install.ts';
import { bareSpecifier, checkScheme, type NpmSpecifier, parseNpmSpecifier } from '../packages/specifier.ts';
import { currentCell } from './cells.ts';
import type { Located } from './located.ts';

/**
 * Where a specifier with a scheme of its own leads. A package that is not there is installed first,
 * with a line on stderr; interrupting the cell ends that.
 * @throws PackageError for what cannot be installed, and for schemes that Node cannot import
 */
export async function locatePackage(specifier: string, cwd: string): Promise<Located> {
  checkScheme(specifier);
  const wanted = parseNpmSpecifier(specifier);
  const { folder } = await install(wanted, cwd);
  return { specifier: bareSpecifier(wanted), folder };
}

/** Installs what a module asked for by `npm:` specifiers. */
export async function installAll(specifiers: readonly string[], cwd: string): Promise<void> {
  for (const specifier of specifiers) await install(parseNpmSpecifier(specifier), cwd);
}

function install(wanted: NpmSpecifier, cwd: string): ReturnType<typeof ensureInstalled> {
  const services = npmServices({
    signal: currentCell()?.abort.signal ?? new AbortController().signal,
    // The streams know by themselves which cell this is output of.
    print: (text, stream = 'stdout') => void process[stream].write(text),
  });
  return ensureInstalled(wanted, cwd, services);
}
