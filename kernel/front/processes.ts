/** The processes of this machine, as far as it takes to find the children of this one. */
import { execFile } from 'node:child_process';
import { readStats, TICKS } from '../shared/proc.ts';

export interface Process {
  readonly pid: number;
  readonly parent: number;
  /** The process group; 0 where there are none (Windows). */
  readonly group: number;
  /** Seconds since its start. */
  readonly age: number;
}

/** How far `age` may be off, in seconds: Linux counts in hundredths, `ps` in whole seconds. */
export const AGE_ERROR: number = process.platform === 'linux' ? 0.05 : 1.5;

/** All processes that may be seen; none when the system does not tell. */
export async function listProcesses(): Promise<Process[]> {
  try {
    if (process.platform === 'linux') return readProc();
    return parseTable(process.platform === 'win32' ? await askPowerShell() : await askPs());
  } catch {
    return [];
  }
}

/** The processes that these have started, those that they have, and so on, themselves included. */
export function withDescendants(roots: readonly number[], all: readonly Process[]): number[] {
  const found = new Set(roots);
  for (const pid of found) for (const { pid: child, parent } of all) if (parent === pid) found.add(child);
  return [...found];
}

function readProc(): Process[] {
  const stats = readStats();
  const own = stats.find(({ pid }) => pid === process.pid);
  if (!own) return [];
  // Counted from this process's own start: /proc/uptime may be a container's.
  const uptime = process.uptime();
  return stats.map(({ pid, parent, group, start }) => {
    return { pid, parent, group, age: uptime - (start - own.start) / TICKS };
  });
}

/** Lines of four columns: pid, parent, group, and the age as seconds or as ps has it, `[[days-]hours:]minutes:seconds`. */
export function parseTable(text: string): Process[] {
  return text.split('\n').flatMap((line) => {
    const [pid, parent, group, age] = line.trim().split(/\s+/);
    if (pid === undefined || parent === undefined || group === undefined || age === undefined) return [];
    const [clock = '0', days = '0'] = age.split('-').toReversed();
    const seconds = clock.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
    return [
      {
        pid: Number(pid),
        parent: Number(parent),
        group: Number(group),
        age: seconds + Number(days) * 86_400,
      },
    ];
  });
}

function askPs(): Promise<string> {
  return ask('ps', ['-A', '-o', 'pid=', '-o', 'ppid=', '-o', 'pgid=', '-o', 'etime=']);
}

function askPowerShell(): Promise<string> {
  const script =
    'Get-CimInstance Win32_Process | ForEach-Object { "$($_.ProcessId) $($_.ParentProcessId) 0 $([int]((Get-Date) - $_.CreationDate).TotalSeconds)" }';
  return ask('powershell', ['-NoProfile', '-NonInteractive', '-Command', script]);
}

function ask(program: string, args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { windowsHide: true }, (error, stdout) =>
      error ? reject(error) : resolve(stdout),
    );
  });
}
