/** The packages of test/packages: what they make is shown, in tests and in notebooks. */
import { symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** The folder whose node_modules has them; test/run.mjs sets it up. */
function folder(): string {
  const found = process.env['TSLOOP_TEST_PACKAGES'];
  if (found === undefined) {
    throw new Error(
      'TSLOOP_TEST_PACKAGES is not set: run the tests with `npm test`, or set it to what `node kernel/dev/test-packages.mjs` prints',
    );
  }
  return found;
}

/** `require` as in a project that has the packages. */
export function load(specifier: string): unknown {
  return createRequire(path.join(folder(), 'cell.js'))(specifier);
}

/** `import` as in a project that has the packages. */
export async function importModule(specifier: string): Promise<Record<string, unknown>> {
  const file = createRequire(path.join(folder(), 'cell.js')).resolve(specifier);
  return (await import(pathToFileURL(file).href)) as Record<string, unknown>;
}

/** Makes a folder a project that has the packages. */
export async function linkPackages(project: string): Promise<void> {
  // A junction needs no rights on Windows; elsewhere it is a symbolic link.
  await symlink(path.join(folder(), 'node_modules'), path.join(project, 'node_modules'), 'junction');
}
