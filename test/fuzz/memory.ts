/** How much memory processes hold, where the system has /proc. */
import { readdirSync, readFileSync } from 'node:fs';

/** Resident memory (bytes); undefined where the system does not tell, or there is no such process. */
export function residentMemory(pid: number): number | undefined {
  const kilobytes = /^VmRSS:\s+(\d+)/m.exec(fileOf(pid, 'status') ?? '')?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
}

/** The resident memory (bytes) of a kernel's language server, which is a process of its own. */
export function languageServerMemory(kernel: number): number | undefined {
  let pids: string[];
  try {
    pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return undefined;
  }
  for (const pid of pids.map(Number)) {
    const parent = /^PPid:\s+(\d+)/m.exec(fileOf(pid, 'status') ?? '')?.[1];
    if (Number(parent) === kernel && fileOf(pid, 'cmdline')?.includes('--lsp')) return residentMemory(pid);
  }
  return undefined;
}

/** In words. */
export function megabytes(bytes: number | undefined): string {
  return bytes === undefined ? 'unknown' : `${Math.round(bytes / 1e6)} MB`;
}

function fileOf(pid: number, name: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return undefined;
  }
}
