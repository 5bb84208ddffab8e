/** The environment of the commands that cells start. */
import { delimiter } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dist } from '../home.ts';

/** Holds the `tsloop` command, so that `!tsloop script.ts` runs this very version. */
const binFolder = fileURLToPath(new URL('bin', dist));

/**
 * The variables to set on top of process.env: PATH with the package's own commands in front, and
 * TSLOOP_NODE, the node that those commands start.
 */
export function commandVariables(): Record<string, string> {
  // Windows spells it `Path`; a second spelling beside it would make the outcome a matter of luck.
  const key = Object.keys(process.env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
  const path = process.env[key];
  const folders = path === undefined || path === '' ? [] : path.split(delimiter);
  const value = folders[0] === binFolder ? folders : [binFolder, ...folders];
  return { [key]: value.join(delimiter), TSLOOP_NODE: process.execPath };
}
