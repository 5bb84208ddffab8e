/** A Jupyter of a test's own: no folder of the user is read or written, and the kernel is installed in it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runJupyter } from './python.ts';

/** The root of the repository, seen from dist/test/support. */
export const repository: string = path.resolve(
  path.dirname(fileURLToPath(import.meta.url)),
  '..',
  '..',
  '..',
);

export interface JupyterHome {
  readonly folder: string;
  /** The environment that makes Jupyter's programs use it. */
  readonly env: Readonly<Record<string, string>>;
  remove(): Promise<void>;
}

/** Makes the folder, and installs the kernel there as a user would: `jupyter kernelspec install`. */
export async function makeJupyterHome(): Promise<JupyterHome> {
  const folder = await mkdtemp(path.join(tmpdir(), 'tsloop-jupyter-'));
  const inside = (name: string): string => path.join(folder, name);
  const env = {
    HOME: folder,
    IPYTHONDIR: inside('ipython'),
    JUPYTER_CONFIG_DIR: inside('config'),
    JUPYTER_DATA_DIR: inside('data'),
    JUPYTER_RUNTIME_DIR: inside('runtime'),
    JUPYTER_PATH: inside('prefix/share/jupyter'),
    JUPYTER_PLATFORM_DIRS: '1',
    PYTHONWARNINGS: 'ignore',
    TSLOOP_HISTORY: inside('history'),
  };
  const spec = path.join(repository, 'dist', 'kernelspec');
  const installed = await runJupyter(
    ['kernelspec', 'install', spec, '--prefix', inside('prefix'), '--name', 'tsloop'],
    { env },
  );
  if (installed.code !== 0) throw new Error(`jupyter kernelspec install failed:\n${installed.stderr}`);
  return {
    folder,
    env,
    // Some of Jupyter's programs write for a moment after they have ended their kernel.
    remove: () => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }),
  };
}
