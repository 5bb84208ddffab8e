/** Finding the child process that the main thread waits for, among all that there are. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { listProcesses, parseTable, type Process, withDescendants } from '../../../kernel/front/processes.ts';
import { childOf, leftBehind, SyncChildren } from '../../../kernel/front/sync-child.ts';
import { Blocked } from '../../../kernel/shared/blocked.ts';
import { parseStat } from '../../../kernel/shared/proc.ts';

const kernel: Process = { pid: 10, parent: 1, group: 10, age: 100 };

describe('the child that is waited for', () => {
  const child = (seconds: number, ...others: Process[]): number | undefined =>
    childOf({ pid: 10, call: { seconds } }, [kernel, ...others])?.pid;

  it('is the youngest that is no older than the call', () => {
    const earlier = { pid: 11, parent: 10, group: 10, age: 50 };
    const waited = { pid: 12, parent: 10, group: 10, age: 2 };
    assert.equal(child(2, earlier, waited), 12);
    assert.equal(child(2, earlier), undefined);
  });

  it('is of the group of the kernel: commands of `!` and the language server have groups of their own', () => {
    assert.equal(child(2, { pid: 12, parent: 10, group: 12, age: 1 }), undefined);
  });

  it('is a child of the kernel itself', () => {
    assert.equal(child(2, { pid: 12, parent: 11, group: 10, age: 1 }), undefined);
  });

  it('is told to end with all that it has started', () => {
    const all = [
      kernel,
      { pid: 12, parent: 10, group: 10, age: 3 },
      { pid: 13, parent: 12, group: 10, age: 2 },
      { pid: 14, parent: 13, group: 14, age: 1 },
      { pid: 15, parent: 10, group: 10, age: 3 },
    ];
    assert.deepEqual(withDescendants([12], all), [12, 13, 14]);
  });

  it('leaves behind what has been forked meanwhile, and is none of another child of the kernel', () => {
    const all = [
      kernel,
      { pid: 12, parent: 10, group: 10, age: 50 },
      { pid: 13, parent: 12, group: 10, age: 1 },
      { pid: 14, parent: 1, group: 10, age: 1 },
      { pid: 15, parent: 14, group: 10, age: 1 },
      { pid: 16, parent: 1, group: 10, age: 50 },
      { pid: 17, parent: 1, group: 17, age: 1 },
    ];
    assert.deepEqual(leftBehind({ pid: 10, call: { seconds: 2 } }, all), [14, 15]);
  });

  it('is none while the thread does not wait', async () => {
    const children = new SyncChildren(new Blocked());
    assert.equal(children.isWaiting, false);
    await children.stop();
  });
});

describe('a thread that waits for a child', () => {
  it('says so, and is told whether its child was stopped', () => {
    const blocked = new Blocked();
    const other = new Blocked(blocked.shared);
    const first = blocked.enter();
    assert.equal(other.current?.call, first);
    assert.ok((other.current?.seconds ?? -1) >= 0);
    assert.equal(blocked.leave(first), false);
    assert.equal(other.current, undefined);
    const second = blocked.enter();
    other.stopped(second);
    assert.equal(blocked.leave(second), true);
    other.refuse(true);
    assert.equal(blocked.isRefused, true);
  });
});

describe('the processes of the machine', () => {
  it('are read from /proc, whatever they are called', () => {
    const fields = Array.from({ length: 30 }, (_, i) => String(i));
    const { pid, parent, group, start, image } = parseStat(`42 (a) b (c) S 7 8 ${fields.join(' ')}`);
    assert.deepEqual([pid, parent, group, start, image], [42, 7, 8, 16, '20 22']);
  });

  it('are read from the columns of ps', () => {
    assert.deepEqual(parseTable('  12  1  12    05:07\n 13 12 12 1-02:00:01\n\n 14 1 0 33\n'), [
      { pid: 12, parent: 1, group: 12, age: 307 },
      { pid: 13, parent: 12, group: 12, age: 93_601 },
      { pid: 14, parent: 1, group: 0, age: 33 },
    ]);
  });

  it('hold a child of this one', async () => {
    const started = spawn(process.execPath, ['-e', 'process.stdin.resume()'], {
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    try {
      const found = (await listProcesses()).find(({ pid }) => pid === started.pid);
      assert.equal(found?.parent, process.pid);
      assert.ok(found.age < 600);
    } finally {
      started.stdin.end();
      await once(started, 'exit');
    }
  });
});
