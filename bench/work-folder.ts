/**
 * The folder that all kernels work in: a notebook's, with nothing but the types of Node in its node_modules, as
 * tslab finds `console` nowhere else. Not below the repository, whose tsconfig.json would be that of the cells.
 */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { packages } from './kernels.ts';

/** It is removed at the end of the process. */
export function workFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'tsloop-bench-work-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  const modules = path.join(folder, 'node_modules');
  mkdirSync(modules);
  // Windows lets everybody make junctions, but not links.
  symlinkSync(path.join(packages, '@types'), path.join(modules, '@types'), 'junction');
  return folder;
}
