// The packages whose values the tests show (Arrow, Polars, Plot, React …), in the versions of
// test/packages/package-lock.json. They lie in .cache/test-packages: some 360 MB, which take npm some 20 s.
//
//   node kernel/dev/test-packages.mjs     installs them, and prints where they are
import { copyFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { areInstalled, npm } from './dependencies.mjs';
import { withLock } from './lock.mjs';
import { cache, inRepo, runAsProgram, say, SetupError } from './repo.mjs';

const source = inRepo('test', 'packages');
const folder = path.join(cache, 'test-packages');

/**
 * Installs them; does nothing when they are there in the right versions.
 * @returns {Promise<string>} the folder whose node_modules has them
 */
export async function ensureTestPackages() {
  if (await areInstalled(source, folder)) return folder;
  return withLock('test-packages', async () => {
    if (await areInstalled(source, folder)) return folder;
    await mkdir(folder, { recursive: true });
    for (const file of ['package.json', 'package-lock.json'])
      await copyFile(path.join(source, file), path.join(folder, file));
    say('installing the packages of test/packages into .cache/test-packages');
    // No script: what they need is in the packages themselves, and nothing else is to be downloaded.
    const code = await npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund'], folder);
    if (code !== 0) throw new SetupError(`npm ci failed with exit code ${code}; its message is above`);
    return folder;
  });
}

await runAsProgram(import.meta.url, async () => {
  console.log(await ensureTestPackages());
});
