/**
 * Where this package lies. The build joins modules into bundles, so no module may count on the folder
 * that it happens to be in; this one looks for the package.json above it.
 */
import { existsSync } from 'node:fs';

function findHome(): URL {
  let folder = new URL('./', import.meta.url);
  while (!existsSync(new URL('package.json', folder))) {
    const parent = new URL('../', folder);
    if (parent.href === folder.href) throw new Error(`No package.json above ${import.meta.url}`);
    folder = parent;
  }
  return folder;
}

/** The package's folder, with a slash at its end. */
export const home: URL = findHome();

/** The folder of what the build made, with a slash at its end. */
export const dist: URL = new URL('dist/', home);
