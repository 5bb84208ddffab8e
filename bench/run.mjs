// `npm run bench`: brings the build up to date, then runs the compiled harness.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, statSync } from 'node:fs';
import path from 'node:path';

const root = path.dirname(import.meta.dirname);
const main = path.join(root, 'dist', 'bench', 'main.js');

const build = spawnSync(process.execPath, [path.join(root, 'kernel', 'dev', 'build.mjs')], {
  cwd: root,
  stdio: 'inherit',
});
if (build.status !== 0) process.exit(build.status ?? 1);

/**
 * On Linux the memory row is the proportional set size, which splits a page between all processes that
 * map it. Were the harness to run on the same file as the kernels that run on Node, it would bear
 * half of Node's own pages and flatter them against Deno and Python; so it runs on a copy.
 */
function harnessNode() {
  if (process.platform !== 'linux') return process.execPath;
  const cache = path.join(root, '.cache', 'bench');
  const copy = path.join(cache, `node-${process.version}`);
  try {
    mkdirSync(cache, { recursive: true });
    if (!existsSync(copy) || statSync(copy).size !== statSync(process.execPath).size) {
      copyFileSync(process.execPath, copy);
    }
    return copy;
  } catch {
    return process.execPath;
  }
}

const bench = spawnSync(harnessNode(), [main, ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, TSLOOP_BENCH_NODE: process.execPath },
});
process.exit(bench.status ?? 1);
