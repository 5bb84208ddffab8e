// The folder that tells Jupyter how to start the kernel, made from the top-level kernel.json.
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { cache, inRepo, SetupError } from './repo.mjs';

/** The names that Jupyter knows: the launcher of JupyterLab takes the SVG, older clients the PNGs. */
const LOGOS = ['logo-32x32.png', 'logo-64x64.png', 'logo-svg.svg'];

/** What `jupyter kernelspec install` takes. */
export const kernelspecFolder = inRepo('dist', 'kernelspec');

/**
 * Writes dist/kernelspec. The template starts `tsloop` from PATH; unless it is to be portable, the
 * folder names this Node and this clone instead, so that no PATH matters.
 * @param {{ portable: boolean, folder?: string }} options
 */
export async function writeKernelspec({ portable, folder = kernelspecFolder }) {
  const spec = JSON.parse(await readFile(inRepo('kernel.json'), 'utf8'));
  if (!portable) {
    spec.argv = [process.execPath, inRepo('dist', 'kernel', 'main.js'), '{connection_file}'];
  }
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'kernel.json'), `${JSON.stringify(spec, null, 2)}\n`);
  for (const logo of LOGOS) {
    try {
      await copyFile(inRepo('kernel', 'assets', logo), path.join(folder, logo));
    } catch (error) {
      throw new SetupError(
        `the kernelspec needs kernel/assets/${logo}: ${/** @type {Error} */ (error).message}`,
      );
    }
  }
}

/**
 * A data folder for JUPYTER_PATH that holds this clone's kernel and nothing else; Jupyter looks there
 * before it looks at what the user has installed, and nothing outside the clone is touched.
 * @returns {Promise<string>}
 */
export async function makeJupyterPath() {
  const folder = path.join(cache, 'jupyter');
  await writeKernelspec({ portable: false, folder: path.join(folder, 'kernels', 'tsloop') });
  return folder;
}
