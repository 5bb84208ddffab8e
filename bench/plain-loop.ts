/** The yardstick of the loop row: the very text of the cell as a plain module, run by the kernels' own Node. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { typescript } from './snippets.ts';

/** Milliseconds that the loop takes in a module file. */
export function plainLoop(node: string, turns: number): number {
  const folder = mkdtempSync(path.join(tmpdir(), 'tsloop-bench-'));
  try {
    const file = path.join(folder, 'loop.mjs');
    writeFileSync(file, typescript.loop(turns));
    return took(execFileSync(node, [file], { encoding: 'utf8' }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The number behind `took` in what a loop snippet printed; NaN if it printed none. */
export function took(output: string): number {
  return Number(/took (\d[\d.]*)/.exec(output.replaceAll(/\x1b\[[0-9;]*m/g, ''))?.[1] ?? Number.NaN);
}
