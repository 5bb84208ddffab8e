/** SIGINT for copies of a shell that have missed it. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { runProcess, spawnOptions } from '../../../kernel/magics/process.ts';
import { copiesAmong, diesOfInterrupt } from '../../../kernel/shared/missed.ts';
import type { Stat } from '../../../kernel/shared/proc.ts';
import { FakeContext } from '../magics/fake-context.ts';

/** What /proc/PID/status says, as far as it matters. */
function status({ state = 'S (sleeping)', ignored = 0, caught = 0, blocked = 0 } = {}): string {
  const mask = (bits: number): string => bits.toString(16).padStart(16, '0');
  return [
    'Name:\tsleep',
    `State:\t${state}`,
    'ShdPnd:\t0000000000000002',
    `SigBlk:\t${mask(blocked)}`,
    `SigIgn:\t${mask(ignored)}`,
    `SigCgt:\t${mask(caught)}`,
    '',
  ].join('\n');
}

/** SIGINT is the second signal; what is one bit beside it is SIGHUP or SIGQUIT. */
const [INT, OTHERS] = [0b010, 0b101];

describe('a process dies of SIGINT', () => {
  it('when it lives, and does nothing about it', () => {
    assert.equal(diesOfInterrupt(status()), true);
    assert.equal(diesOfInterrupt(status({ ignored: OTHERS, caught: OTHERS, blocked: OTHERS })), true);
  });

  it('not when it ignores, catches or blocks it', () => {
    for (const each of ['ignored', 'caught', 'blocked'])
      assert.equal(diesOfInterrupt(status({ [each]: INT | OTHERS })), false, each);
  });

  it('not when it has ended', () => {
    assert.equal(diesOfInterrupt(status({ state: 'Z (zombie)' })), false);
    assert.equal(diesOfInterrupt(''), false);
  });
});

describe('what may miss a signal', () => {
  const stat = (pid: number, parent: number, image: string): Stat => {
    return { pid, parent, group: 12, start: 5, image };
  };

  it('is a copy of its parent', () => {
    const all = [stat(12, 1, 'shell'), stat(13, 12, 'shell'), stat(14, 12, 'sleep'), stat(15, 14, 'shell')];
    assert.deepEqual(
      copiesAmong(all).map(({ pid }) => pid),
      [13],
    );
  });
});

describe('a command that is interrupted', function () {
  this.timeout(60_000);
  before(function () {
    if (process.platform === 'win32') this.skip();
  });

  /** Interrupts it as soon as it says `begun`. SIGTERM would come later than any test may take. */
  async function interrupted(script: string, program = 'sh'): Promise<{ code: number; stdout: string }> {
    const context = new FakeContext();
    context.onPrint = (text) => (text.includes('begun') ? context.controller.abort() : undefined);
    const args = program === 'sh' ? ['-c', script] : ['-e', script];
    const code = await runProcess(program, () => spawn(program, args, spawnOptions()), context, 1000);
    return { code, stdout: context.stdout };
  }

  it('ends, also when a child had the shell’s handler for the signal and is its program now', async function () {
    if (process.platform !== 'linux') this.skip();
    // The parentheses are a copy of the shell, which takes the signal, and nothing comes of that.
    const script =
      '(trap \'hit=1\' INT; echo begun; while [ -z "$hit" ]; do :; done; exec sleep 1000); echo after';
    assert.deepEqual(await interrupted(script), { code: 130, stdout: 'begun\n' });
  });

  it('has the time to clean up by what its trap starts', async () => {
    const script = "trap 'sleep 1.2; echo cleaned; exit 3' INT; echo begun; while :; do sleep 0.01; done";
    assert.deepEqual(await interrupted(script), { code: 3, stdout: 'begun\ncleaned\n' });
  });

  it('has it also when its trap makes it the program that cleans up', async () => {
    const script = "trap 'exec sleep 1.2' INT; echo begun; while :; do sleep 0.01; done";
    assert.deepEqual(await interrupted(script), { code: 0, stdout: 'begun\n' });
  });

  it('has it also when it has gone back to the default', async () => {
    const script =
      "const stay = setInterval(() => {}, 1000); process.once('SIGINT', () => setTimeout(() => { console.log('cleaned'); process.exit(3) }, 1200)); console.log('begun')";
    assert.deepEqual(await interrupted(script, process.execPath), { code: 3, stdout: 'begun\ncleaned\n' });
  });
});
