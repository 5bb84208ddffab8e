/** Who can reach a kernel, and what it makes of what it is sent. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import path from 'node:path';
import { Subscriber } from 'zeromq';
import { fuzzKernel } from '../../fuzz/wire-kernel.ts';
import { say, sendBadPeers } from '../../fuzz/wire-peers.ts';
import { TestKernel } from '../../support/kernel-client.ts';

/** Whether somebody listens there. */
function isOpen(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const settle = (open: boolean): void => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', () => settle(true));
    socket.once('error', () => settle(false));
  });
}

describe('a kernel is reached', () => {
  it('at the address of its connection file, and at no other of the machine', async () => {
    const kernel = await TestKernel.start();
    try {
      const { shell_port, iopub_port, stdin_port, control_port, hb_port } = kernel.connection;
      const own = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
      const others = own.filter(({ internal, family }) => !internal && family === 'IPv4');
      const addresses = others.map(({ address }) => address);
      // All of 127.0.0.0/8 is this machine there.
      if (process.platform === 'linux') addresses.push('127.0.0.2');
      for (const port of [shell_port, iopub_port, stdin_port, control_port, hb_port]) {
        assert.equal(await isOpen('127.0.0.1', port), true);
        for (const address of addresses) assert.equal(await isOpen(address, port), false, address);
      }
    } finally {
      await kernel.stop();
    }
  });

  it('over IPC by its own user alone', async function () {
    if (process.platform === 'win32') this.skip();
    const umask = process.umask(0);
    try {
      const kernel = await TestKernel.start({ transport: 'ipc' });
      try {
        const sockets = readdirSync(kernel.folder)
          .map((name) => statSync(path.join(kernel.folder, name)))
          .filter((stats) => stats.isSocket());
        assert.equal(sockets.length, 5);
        for (const { mode } of sockets) assert.equal(mode & 0o077, 0);
      } finally {
        await kernel.stop();
      }
    } finally {
      process.umask(umask);
    }
  });

  it('by nothing that is not ZeroMQ, by no heartbeat or subscription out of all proportion, and by others still', async () => {
    const kernel = await TestKernel.start();
    const greedy = new Subscriber({ linger: 0 });
    try {
      const { shell_port, iopub_port, stdin_port, control_port, hb_port } = kernel.connection;
      const ports = [shell_port, iopub_port, stdin_port, control_port, hb_port];
      for (const port of ports) {
        await say(port, Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'));
        await say(port, randomBytes(10_000));
      }
      await sendBadPeers(ports, 300, 1);
      greedy.connect(`tcp://127.0.0.1:${iopub_port}`);
      greedy.subscribe('x'.repeat(100_000));
      assert.equal((await kernel.client.run('1')).reply['status'], 'ok');
      assert.equal((await (await kernel.connect()).run('2')).reply['status'], 'ok');
      await assert.rejects(kernel.client.beat('x'.repeat(100_000), 500));
      assert.equal(await kernel.client.beat('a beat'), 'a beat');
    } finally {
      greedy.close();
      await kernel.stop();
    }
  });

  it('by two thousand mutated messages, and is what it was', async function () {
    this.timeout(120_000);
    const { isHacked, memory, stderr } = await fuzzKernel({ count: 2000, seed: 7 });
    assert.equal(isHacked, false);
    const [before = 0, after = 0] = memory;
    assert.ok(after - before < 150_000_000, `${before} bytes before, ${after} after`);
    assert.match(stderr, /Dropped a message/);
    assert.doesNotMatch(stderr, /cannot go on|RangeError: Invalid|Unhandled/i);
  });
});
