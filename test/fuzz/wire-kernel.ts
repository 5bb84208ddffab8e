/** A whole kernel that is sent anything over its sockets, but nothing that it may run. */
import { type KernelClient, shownBy, TestKernel } from '../support/kernel-client.ts';
import { residentMemory } from './memory.ts';
import { WireFuzzer } from './wire-messages.ts';
import { sendBadPeers } from './wire-peers.ts';

export interface KernelOutcome {
  readonly messages: number;
  /** Whether code of a message that was not signed has been run. */
  readonly isHacked: boolean;
  /** Resident memory (bytes) before and after; undefined where the system does not tell. */
  readonly memory: readonly [before: number | undefined, after: number | undefined];
  readonly stderr: string;
}

export interface FuzzOptions {
  /** Messages. */
  readonly count: number;
  /** Peers that speak ZeroMQ's protocol badly, beside them. */
  readonly peers?: number;
  readonly seed: number;
}

/** After so many messages the kernel is asked whether it is there: it must not be sent more than it can take in. */
const ROUND = 200;

/** @throws Error when the kernel stops answering, or ends */
export async function fuzzKernel({ count, peers = 0, seed }: FuzzOptions): Promise<KernelOutcome> {
  const kernel = await TestKernel.start();
  try {
    // With a name it has a stdin socket as well.
    const client = await kernel.connect('fuzzer');
    // Cells would be run, and may do anything; a shutdown is none of the fuzz.
    const fuzzer = new WireFuzzer(seed, kernel.connection.key, ['execute_request', 'shutdown_request']);
    await client.run('let answer: number = 42');
    const { shell_port, iopub_port, stdin_port, control_port, hb_port } = kernel.connection;
    const ports = [shell_port, iopub_port, stdin_port, control_port, hb_port];
    let before: number | undefined;
    for (let sent = 0; sent < count;) {
      for (const until = Math.min(count, sent + ROUND); sent < until; sent += 1) {
        const { socket, frames } = fuzzer.next();
        // ZeroMQ puts the client's identity in front.
        client.sendFrames(socket, frames.slice(1));
      }
      await sendBadPeers(ports, Math.ceil((peers * ROUND) / count), seed + sent);
      await isThere(client);
      if (sent >= count / 10) before ??= residentMemory(kernel.pid);
    }
    const { published } = await client.run('[answer, "tsloopCanary" in globalThis]');
    const result = shownBy(published).result;
    if (result !== '[ 42, false ]' && result !== '[ 42, true ]')
      throw new Error(`The session is not what it was: ${result}`);
    const memory = [before, residentMemory(kernel.pid)] as const;
    return { messages: count, isHacked: result.includes('true'), memory, stderr: kernel.stderr };
  } finally {
    await kernel.stop();
  }
}

/** Waits until the kernel has taken in all that was sent, on both of its channels. */
async function isThere(client: KernelClient): Promise<void> {
  for (const channel of ['shell', 'control'] as const) await client.request(channel, 'kernel_info_request');
  await client.beat('there');
  client.received.length = 0;
}
