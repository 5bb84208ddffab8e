import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { claim, removeAbandoned } from '../../../kernel/typescript/abandoned.ts';

describe('workspaces of killed kernels', () => {
  let temporary: string;

  beforeEach(() => {
    temporary = mkdtempSync(path.join(tmpdir(), 'tsloop-test-'));
  });

  afterEach(() => rmSync(temporary, { recursive: true }));

  /** A workspace; `owner` makes of this process's claim that of another. */
  const make = (name: string, owner?: (claimed: string) => string): void => {
    const folder = path.join(temporary, name);
    mkdirSync(path.join(folder, 'home'), { recursive: true });
    if (!owner) return;
    claim(folder);
    const file = path.join(folder, '.owner');
    writeFileSync(file, owner(readFileSync(file, 'utf8')));
  };

  /** The number of a process that has ended. */
  const gone = (): number => spawnSync(process.execPath, ['--version']).pid;

  it('are removed, and no others', async () => {
    const pid = gone();
    make('tsloop-dead', (claimed) => claimed.replace(/^\d+/, String(pid)));
    make('tsloop-mine', (claimed) => claimed);
    make('tsloop-of-another-machine', (claimed) => claimed.replace(/^\d+ /, `${pid} other`));
    make('tsloop-without-owner');
    make('other-dead', (claimed) => claimed.replace(/^\d+/, String(pid)));
    await removeAbandoned(temporary);
    assert.deepEqual(readdirSync(temporary).sort(), [
      'other-dead',
      'tsloop-mine',
      'tsloop-of-another-machine',
      'tsloop-without-owner',
    ]);
  });

  it('are looked for in vain where there is no folder', async () => {
    await removeAbandoned(path.join(temporary, 'nowhere'));
  });
});
