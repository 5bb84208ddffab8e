/** Does a cell run? In a real kernel, over real sockets, as Jupyter would have it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KernelClient, writeConnectionFile } from './kernel-client.ts';

/** Seconds after which a start counts as failed: a hundred times what it takes. */
const patience = 30;
/** Seconds for the kernel to shut down before it is killed. */
const shutdownGrace = 5;

/** Rejects when the kernel ends, or takes too long; with what it wrote to stderr, which says why. */
function watch(child: ChildProcess): { failed: Promise<never>; stop(): void } {
  let stderr = '';
  let timer: NodeJS.Timeout | undefined;
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const failed = new Promise<never>((_, reject) => {
    const fail = (reason: string): void => reject(new Error(`${reason}\n${stderr}`.trim()));
    timer = setTimeout(() => fail(`The kernel gives no result of 1+1 in ${patience} s`), patience * 1000);
    child.once('error', (error) => fail(`The kernel cannot be started: ${error.message}`));
    child.once('close', (code, signal) =>
      fail(`The kernel ended at its start (${signal ?? `exit code ${code}`})`),
    );
  });
  // It is of no interest any more once the result is there.
  failed.catch(() => undefined);
  return { failed, stop: () => clearTimeout(timer) };
}

async function waitForEnd(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const timer = setTimeout(() => child.kill('SIGKILL'), shutdownGrace * 1000);
  await new Promise((resolve) => child.once('exit', resolve));
  clearTimeout(timer);
}

/**
 * @param kernel the kernel's entry, `main.js`.
 * @returns milliseconds from the start of the kernel's process to the result of `1+1`.
 * @throws Error saying how far it came.
 */
export async function testStart(kernel: string): Promise<number> {
  // Loaded here: a zeromq that does not load is what a self-test should find.
  const zeromq = await import('zeromq');
  const folder = mkdtempSync(join(tmpdir(), 'tsloop-doctor-'));
  const file = join(folder, 'connection.json');
  await writeConnectionFile(file);
  const start = performance.now();
  const child = spawn(process.execPath, [kernel, file], { stdio: ['ignore', 'ignore', 'pipe'] });
  const watcher = watch(child);
  const client = new KernelClient(file, zeromq);
  try {
    const result = await Promise.race([client.run('1+1'), watcher.failed]);
    const milliseconds = performance.now() - start;
    if (result !== '2') throw new Error(`The kernel says that 1+1 is ${result}`);
    await client.shutdown();
    await waitForEnd(child);
    return milliseconds;
  } finally {
    watcher.stop();
    client.close();
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}
