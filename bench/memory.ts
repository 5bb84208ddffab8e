/** Memory of a process and all its descendants. */
import { readFileSync, readdirSync } from 'node:fs';
import { execFileSync } from 'node:child_process';

/**
 * Megabytes (2^20 bytes) held by a process tree: the proportional set size where /proc tells it
 * (Linux), else the sum of the resident set sizes that `ps` gives; undefined where there is neither.
 */
export function treeMegabytes(root: number): number | undefined {
  if (process.platform === 'linux') {
    const kilobytes = linuxTree(root).reduce((sum, pid) => sum + pss(pid), 0);
    if (kilobytes > 0) return kilobytes / 1024;
  }
  return process.platform === 'win32' ? undefined : residentByPs(root);
}

/** What {@link treeMegabytes} gives here, in a sentence. */
export function memoryMeasure(): string {
  if (process.platform === 'linux')
    return 'Memory is the proportional set size (PSS) of all processes of a kernel together.';
  return process.platform === 'win32'
    ? 'Memory is not measured on Windows.'
    : 'Memory is the sum of the resident set sizes of all processes of a kernel.';
}

function linuxTree(root: number): number[] {
  const found = [root];
  for (const pid of found) {
    try {
      for (const thread of readdirSync(`/proc/${pid}/task`)) {
        const children = readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8');
        found.push(...children.split(' ').filter(Boolean).map(Number));
      }
    } catch {
      // The process has ended meanwhile: it holds nothing.
    }
  }
  return found;
}

function pss(pid: number): number {
  try {
    return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

function residentByPs(root: number): number | undefined {
  try {
    const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,rss='], { encoding: 'utf8' })
      .split('\n')
      .map((line) => line.trim().split(/\s+/).map(Number));
    const tree = new Set([root]);
    let before = 0;
    while (tree.size > before) {
      before = tree.size;
      for (const [pid = 0, parent = 0] of rows) if (tree.has(parent)) tree.add(pid);
    }
    return rows.reduce((sum, [pid = 0, , rss = 0]) => (tree.has(pid) ? sum + rss : sum), 0) / 1024;
  } catch {
    return undefined;
  }
}
