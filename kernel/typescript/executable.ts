/**
 * Where the compiler's native program is. It is started directly: the `tsc` of the npm package is a script
 * that would stay in between, as one more Node process.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { home } from '../home.ts';

/**
 * The path of TypeScript's program for this platform.
 * @throws Error that says what is not installed, and what to do
 */
export function findExecutable(): string {
  const platform = `${process.platform}-${process.arch}`;
  const packageName = `@typescript/typescript-${platform}`;
  let folder: string;
  try {
    // The platform's package is a dependency of typescript: only from there is it found in every layout.
    const typescript = createRequire(home).resolve('typescript/package.json');
    folder = path.dirname(createRequire(typescript).resolve(`${packageName}/package.json`));
  } catch {
    throw new Error(
      `the package ${packageName} is not installed; install tsloop again, without --omit=optional`,
    );
  }
  const program = path.join(folder, 'lib', process.platform === 'win32' ? 'tsc.exe' : 'tsc');
  if (!existsSync(program)) throw new Error(`there is no ${program}; install tsloop again`);
  return program;
}
