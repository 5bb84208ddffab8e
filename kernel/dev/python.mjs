// A Python environment of the project's own, in .cache/venv, with pinned versions. Jupyter's clients
// are Python programs: `npm start` may need JupyterLab, and the tests drive the kernel with all of them.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { withLock } from './lock.mjs';
import { cache, inRepo, isWindows, outputOf, run, runAsProgram, say, SetupError } from './repo.mjs';

/** What JupyterLab 4 and its parts need. */
const OLDEST = [3, 10];
/** Newest first after the plain names, for machines whose plain `python3` is an old one (macOS). */
const CANDIDATES = [
  ['python3'],
  ['python'],
  ['py', '-3'],
  ...[14, 13, 12, 11, 10].map((minor) => [`python3.${minor}`]),
];
const GO_ON = 'without Python, `npx tsloop run notebook.ipynb` still runs notebooks';

const CONSTRAINTS = 'kernel/dev/constraints.txt';
/** The sets of packages that may be asked for. `test` holds all of `lab` and `docs`. */
const REQUIREMENTS = {
  lab: 'kernel/dev/requirements-lab.txt',
  docs: 'kernel/dev/requirements-docs.txt',
  test: 'test/requirements.txt',
};

const venv = path.join(cache, 'venv');
const STAMP = path.join(venv, 'tsloop-stamp.json');

/** The folder of the environment's programs (python, jupyter). */
export const venvPrograms = path.join(venv, isWindows ? 'Scripts' : 'bin');
const venvPython = path.join(venvPrograms, isWindows ? 'python.exe' : 'python');

/** @typedef {{ python: string, sets: Record<string, string> }} Stamp hash of the installed version of each set */

/**
 * Makes the environment and installs a set of packages into it; does nothing when that is done already.
 * @param {keyof typeof REQUIREMENTS} set
 * @returns {Promise<string>} the path of the environment's python
 */
export async function ensurePython(set) {
  const wanted = await hashOf([REQUIREMENTS[set], CONSTRAINTS]);
  if (await isReady(set, wanted)) return venvPython;
  await withLock('python', async () => {
    if (await isReady(set, wanted)) return;
    const base = findPython();
    await makeEnvironment(base);
    say(`installing the Python packages of ${REQUIREMENTS[set]} into .cache/venv`);
    await install(base, REQUIREMENTS[set]);
    const stamp = await readStamp();
    await writeFile(STAMP, JSON.stringify({ python: base.version, sets: { ...stamp?.sets, [set]: wanted } }));
  });
  return venvPython;
}

/** @param {keyof typeof REQUIREMENTS} set @param {string} wanted */
async function isReady(set, wanted) {
  const stamp = await readStamp();
  return stamp?.sets[set] === wanted && versionOf([venvPython]) !== undefined;
}

/** @returns {Promise<Stamp | undefined>} */
async function readStamp() {
  try {
    return JSON.parse(await readFile(STAMP, 'utf8'));
  } catch {
    return undefined;
  }
}

/** @typedef {{ command: string[], version: string }} Python */

/** @returns {Python} the first Python that is new enough */
function findPython() {
  const tooOld = [];
  for (const command of CANDIDATES) {
    const version = versionOf(command);
    if (version === undefined) continue;
    const [major = 0, minor = 0] = version.split('.').map(Number);
    if (major === OLDEST[0] && minor >= (OLDEST[1] ?? 0)) return { command, version };
    tooOld.push(`${command.join(' ')} is ${version}`);
  }
  const found = tooOld.length > 0 ? ` (${tooOld.join(', ')})` : '';
  throw new SetupError(
    `no Python >= ${OLDEST.join('.')} found on PATH${found}: install one from python.org; ${GO_ON}`,
  );
}

/** Runs it, as a name on PATH may be a stub that only opens a shop. @param {string[]} command */
function versionOf([program = '', ...args]) {
  const version = outputOf(program, [...args, '-c', 'import platform; print(platform.python_version())']);
  return version !== undefined && /^\d+\.\d+/.test(version) ? version : undefined;
}

/** @param {Python} base */
async function makeEnvironment(base) {
  if ((await readStamp())?.python === base.version && versionOf([venvPython]) !== undefined) return;
  await rm(venv, { recursive: true, force: true });
  // Without pip first: Debian splits ensurepip off, and a pip outside can install into the environment.
  const [program = '', ...args] = base.command;
  const made = (await run(program, [...args, '-m', 'venv', '--without-pip', venv])) === 0;
  if (!made || !existsSync(venvPython)) throw cannotMake(base);
  // JupyterLab runs a CommonJS script of its own with our Node, which our package.json would make an ES module.
  await writeFile(path.join(venv, 'package.json'), '{ "type": "commonjs" }\n');
  if (outputOf(venvPython, ['-m', 'ensurepip', '--default-pip']) === undefined && pipOf(base) === undefined) {
    await rm(venv, { recursive: true, force: true });
    throw cannotMake(base);
  }
}

/** @param {Python} base */
function cannotMake(base) {
  return new SetupError(
    `Python ${base.version} (${base.command.join(' ')}) cannot make virtual environments: install its venv module ` +
      `(on Debian and Ubuntu: apt-get install python3-venv); ${GO_ON}`,
  );
}

/** @param {Python} base @returns {string[] | undefined} the command of a pip that installs into the environment */
function pipOf(base) {
  if (outputOf(venvPython, ['-m', 'pip', '--version']) !== undefined) return [venvPython, '-m', 'pip'];
  const outside = [...base.command, '-m', 'pip', '--python', venvPython];
  const [program = '', ...args] = outside;
  return outputOf(program, [...args, '--version']) === undefined ? undefined : outside;
}

/** @param {Python} base @param {string} requirements */
async function install(base, requirements) {
  const [program = '', ...args] = pipOf(base) ?? [];
  const options = [
    '--quiet',
    '--disable-pip-version-check',
    '--no-input',
    '-r',
    inRepo(requirements),
    '-c',
    inRepo(CONSTRAINTS),
  ];
  const code = await run(program, [...args, 'install', ...options]);
  if (code !== 0) throw new SetupError(`pip failed with exit code ${code}; its message is above; ${GO_ON}`);
}

/** @param {string[]} files */
async function hashOf(files) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(await readFile(inRepo(file)));
  return hash.digest('hex');
}

await runAsProgram(import.meta.url, async ([set]) => {
  console.log(await ensurePython(set === 'lab' ? 'lab' : 'test'));
});
