/**
 * What the kernel and its children take of the machine, as ipykernel reports it (its kernelbase.py, with psutil).
 * /proc tells it on Linux; elsewhere the kernel's own process is what can be told of without a native library.
 */
import { readFile } from 'node:fs/promises';
import { cpus, freemem, hostname, totalmem } from 'node:os';
import type { JsonObject } from '../protocol/json.ts';
import { listProcesses, withDescendants } from './processes.ts';

/** Linux counts the time of other processes in hundredths of a second (USER_HZ, part of its interface). */
const TICKS = 100;

/** Fields of /proc/PID/stat, counted behind the program's name, which may contain anything. */
const STAT = { user: 11, system: 12 } as const;

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return '';
  }
}

/** `Name:   123 kB` → bytes. */
function kilobytes(text: string, name: string): number | undefined {
  const found = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1];
  return found === undefined ? undefined : Number(found) * 1024;
}

/** This process and all below it. Asking for them costs a process of its own where there is no /proc. */
async function family(): Promise<number[]> {
  return process.platform === 'linux' ? withDescendants([process.pid], await listProcesses()) : [process.pid];
}

/** Processor time so far (s). */
async function timeOf(pid: number): Promise<number> {
  if (pid === process.pid) {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  }
  const text = await read(`/proc/${pid}/stat`);
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return text === '' ? 0 : (Number(fields[STAT.user]) + Number(fields[STAT.system])) / TICKS;
}

/** What the process has in memory (bytes); pages that it shares count for each by its part. */
async function memoryOf(id: number): Promise<number> {
  const shared = kilobytes(await read(`/proc/${id}/smaps_rollup`), 'Pss');
  const all = shared ?? kilobytes(await read(`/proc/${id}/status`), 'VmRSS');
  return all ?? (id === process.pid ? process.memoryUsage.rss() : 0);
}

async function virtualMemory(): Promise<JsonObject> {
  const info = process.platform === 'linux' ? await read('/proc/meminfo') : '';
  const total = kilobytes(info, 'MemTotal') ?? totalmem();
  const free = kilobytes(info, 'MemFree') ?? freemem();
  const available = kilobytes(info, 'MemAvailable') ?? free;
  const percent = Math.round(((total - available) / total) * 1000) / 10;
  return { total, available, percent, used: total - available, free };
}

interface Sample {
  /** When (s). */
  readonly at: number;
  /** By process: processor time so far (s). */
  readonly times: ReadonlyMap<number, number>;
  readonly host: { readonly idle: number; readonly all: number };
}

/** Who asks again within this time (s) gets the same answer: looking through all processes takes a while. */
const FRESH = 0.5;

export class Usage {
  #last: Sample | undefined;
  #latest: { readonly at: number; readonly report: Promise<JsonObject> } | undefined;

  /** The content of a usage_reply. Loads are those since the last look; the first one has none to tell. */
  report(): Promise<JsonObject> {
    const at = performance.now() / 1000;
    if (!this.#latest || at - this.#latest.at > FRESH) this.#latest = { at, report: this.#look() };
    return this.#latest.report;
  }

  async #look(): Promise<JsonObject> {
    const members = await family();
    const times = new Map(
      await Promise.all(members.map(async (pid): Promise<[number, number]> => [pid, await timeOf(pid)])),
    );
    const cores = cpus();
    const host = { idle: 0, all: 0 };
    for (const { times: spent } of cores) {
      host.idle += spent.idle;
      host.all += spent.user + spent.nice + spent.sys + spent.idle + spent.irq;
    }
    const sample: Sample = { at: performance.now() / 1000, times, host };
    const last = this.#last;
    this.#last = sample;
    const memory = await Promise.all(members.map(memoryOf));
    const load = last ? hostLoad(last, sample) : 0;
    return {
      hostname: hostname(),
      pid: process.pid,
      kernel_cpu: last ? kernelLoad(last, sample) : 0,
      kernel_memory: memory.reduce((sum, each) => sum + each, 0),
      // As in ipykernel: nothing rather than a nought that means nothing.
      ...(load === 0 ? {} : { host_cpu_percent: load }),
      cpu_count: cores.length,
      host_virtual_memory: await virtualMemory(),
    };
  }
}

/** Percent of one processor, hence more than 100 with several; of processes that were there at both times. */
function kernelLoad(last: Sample, now: Sample): number {
  let spent = 0;
  for (const [id, time] of now.times) {
    const before = last.times.get(id);
    if (before !== undefined) spent += Math.max(0, time - before);
  }
  const passed = now.at - last.at;
  return passed > 0 ? Math.round((spent / passed) * 1000) / 10 : 0;
}

/** Percent of all processors. */
function hostLoad(last: Sample, now: Sample): number {
  const all = now.host.all - last.host.all;
  const idle = now.host.idle - last.host.idle;
  return all > 0 ? Math.round(((all - idle) / all) * 1000) / 10 : 0;
}
