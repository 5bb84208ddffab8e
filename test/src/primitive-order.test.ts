import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { newEventLoop } from '../../src/index.ts';
import { virtualTime } from '../../src/testing/virtual-time.ts';
import { repository } from '../support/jupyter-home.ts';
import programs, { Log, nameOf } from './asyncio/programs.ts';

/** What `asyncio/traces.py` has said on CPython 3.11.7. */
const traces = JSON.parse(readFileSync(`${repository}/test/src/asyncio/traces.json`, 'utf8')) as Record<
  string,
  readonly string[]
>;

/** Which rules of the checklist a program is about, by the first word of its name. */
const RULES: Readonly<Record<string, string>> = {
  gather: 'rules 103, 104, 105, 106',
  wait: 'rules 108, 109, 110',
  shield: 'rule 111',
  as: 'rule 112',
  timeout: 'rules 113, 114',
  timeouts: 'rule 113',
  group: 'rule 115',
  groups: 'rule 115',
  lock: 'rule 117',
  event: 'rule 118',
  condition: 'rule 119',
  semaphore: 'rule 120',
  barrier: 'rule 121',
  queue: 'rules 122, 123',
};

describe('programs that also ran on CPython', () => {
  it('are the same ones', () => {
    assert.deepEqual(Object.keys(programs), Object.keys(traces));
  });

  for (const [name, { counts, run }] of Object.entries(programs)) {
    const rules = RULES[name.split('_', 1)[0] ?? ''];
    it(`${rules}: ${name.replaceAll('_', ' ')}`, async () => {
      const loop = newEventLoop(virtualTime());
      // Errors of tasks that nobody asks for are not what these programs are about, but those of callbacks are.
      const failures: unknown[] = [];
      loop.setExceptionHandler((_loop, context) => {
        if (context.handle) failures.push(context);
      });
      const log = new Log(loop, counts);
      await loop
        .runUntilComplete(() => run(log))
        .catch((error: unknown) => log.say(`main: ${nameOf(error)}`));
      loop.close();
      assert.deepEqual(log.lines, traces[name]);
      assert.deepEqual(failures, []);
    });
  }
});
