// `npm start`: JupyterLab on notebooks/ with this clone's kernel. Arguments after `--` go to JupyterLab.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { build } from './build.mjs';
import { ensureDependencies } from './dependencies.mjs';
import { makeJupyterPath } from './kernelspec.mjs';
import { ensurePython, venvPrograms } from './python.mjs';
import { inRepo, isWindows, outputOf, runAsProgram, say } from './repo.mjs';

/** The oldest JupyterLab that the kernel is tested with. */
const OLDEST_LAB = 4;

/** @returns {Promise<{ command: string[], environment: NodeJS.ProcessEnv }>} the JupyterLab to start */
async function findJupyterLab() {
  const version = outputOf('jupyter', ['lab', '--version']);
  if (version !== undefined && Number.parseInt(version, 10) >= OLDEST_LAB) {
    say(`using JupyterLab ${version} from PATH`);
    return { command: ['jupyter', 'lab'], environment: {} };
  }
  const python = await ensurePython('lab');
  // Its own programs first, so that a terminal in JupyterLab finds the same jupyter.
  const PATH = `${venvPrograms}${path.delimiter}${process.env['PATH'] ?? ''}`;
  return { command: [python, '-m', 'jupyterlab'], environment: { PATH } };
}

/** @param {string[]} wanted the user's arguments */
function jupyterArguments(wanted) {
  const isRoot = process.getuid?.() === 0;
  const allowRoot = isRoot && !wanted.includes('--allow-root') ? ['--allow-root'] : [];
  return [`--notebook-dir=${inRepo('notebooks')}`, ...allowRoot, ...wanted];
}

/**
 * Runs JupyterLab until it ends or we are told to end. It gets a process group of its own: a Ctrl-C of
 * the terminal would make it ask for a confirmation, while a SIGTERM from us ends it and its kernels.
 * @param {string[]} command
 * @param {NodeJS.ProcessEnv} environment
 * @returns {Promise<number>} the exit code
 */
function runUntilStopped([program = '', ...args], environment) {
  const child = spawn(program, args, {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: !isWindows,
  });
  let stopping = false;
  const stop = () => {
    // The second time: it does not end by itself, so end it the hard way.
    child.kill(stopping ? 'SIGKILL' : 'SIGTERM');
    stopping = true;
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop);
  process.on('exit', () => child.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => resolve(stopping ? 0 : (code ?? 1)));
  });
}

await runAsProgram(import.meta.url, async (args) => {
  await ensureDependencies();
  await build();
  const jupyterPath = [await makeJupyterPath(), process.env['JUPYTER_PATH']]
    .filter(Boolean)
    .join(path.delimiter);
  const { command, environment } = await findJupyterLab();
  say('starting JupyterLab on notebooks/; its address is printed below; Ctrl-C stops it');
  return runUntilStopped([...command, ...jupyterArguments(args)], {
    ...environment,
    JUPYTER_PATH: jupyterPath,
  });
});
