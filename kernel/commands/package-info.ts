/** Where this package lies and what it says of itself. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { home } from '../home.ts';

/** The folder with package.json. */
export const packageFolder: string = fileURLToPath(home);

/** The kernel's entry, which a kernelspec starts. */
export const kernelMain: string = join(packageFolder, 'dist', 'kernel', 'main.js');

export function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}
