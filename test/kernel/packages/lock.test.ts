import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withLock } from '../../../kernel/packages/lock.ts';

describe('the lock of a folder of packages', () => {
  const before_ = process.env['TSLOOP_CACHE'];
  let cache: string;
  const locks = (): string => join(cache, 'locks');
  const quiet = (): { signal: AbortSignal; onWait: () => void } => ({
    signal: new AbortController().signal,
    onWait: () => {},
  });

  beforeEach(() => {
    cache = mkdtempSync(join(tmpdir(), 'tsloop-lock-'));
    process.env['TSLOOP_CACHE'] = cache;
  });
  afterEach(() => {
    if (before_ === undefined) delete process.env['TSLOOP_CACHE'];
    else process.env['TSLOOP_CACHE'] = before_;
    rmSync(cache, { recursive: true });
  });

  it('lets one action through at a time, says that one waits, and leaves nothing', async () => {
    const events: string[] = [];
    let finish = (): void => {};
    let begin = (): void => {};
    const begun = new Promise<void>((resolve) => (begin = resolve));
    const first = withLock(
      '/x',
      () => {
        events.push('first begins');
        return new Promise<void>((resolve) => {
          finish = () => {
            events.push('first ends');
            resolve();
          };
          begin();
        });
      },
      quiet(),
    );
    await begun;
    const second = withLock('/x', async () => void events.push('second'), {
      ...quiet(),
      onWait: () => {
        events.push('second waits');
        finish();
      },
    });
    await Promise.all([first, second]);
    assert.deepEqual(events, ['first begins', 'second waits', 'first ends', 'second']);
    assert.deepEqual(readdirSync(locks()), []);
  });

  it('keeps folders apart', async () => {
    await withLock('/x', () => withLock('/y', async () => {}, quiet()), quiet());
  });

  it('is given back by an action that fails', async () => {
    await assert.rejects(
      withLock('/x', () => Promise.reject(new Error('no')), quiet()),
      /no/,
    );
    assert.equal(await withLock('/x', async () => 1, quiet()), 1);
  });

  it('is taken over from a process that has died', async () => {
    const { pid } = spawnSync(process.execPath, ['-e', '0']);
    await withLock('/x', async () => {}, quiet());
    await withLock(
      '/x',
      async () => {
        // What a process leaves that dies in the middle.
        const [name = ''] = readdirSync(locks());
        writeFileSync(join(locks(), name, 'pid'), String(pid));
        assert.equal(await withLock('/x', async () => 'taken', quiet()), 'taken');
      },
      quiet(),
    );
  });

  it('is not waited for any longer when the user interrupts', async () => {
    const controller = new AbortController();
    await withLock(
      '/x',
      async () => {
        const waits = withLock('/x', async () => {}, {
          signal: controller.signal,
          onWait: () => controller.abort(new Error('interrupted')),
        });
        await assert.rejects(waits);
      },
      quiet(),
    );
  });

  it('says when there is no place for it', async () => {
    rmSync(cache, { recursive: true });
    writeFileSync(cache, '');
    await assert.rejects(withLock('/x', async () => {}, quiet()));
    rmSync(cache);
    mkdirSync(cache);
  });
});
