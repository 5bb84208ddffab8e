/**
 * The scheduler follows 135 numbered rules, read from asyncio's sources and tests: what each of them asks for is what
 * its tests say. The name of a test says which of them it is about: "rule 69: …", "(rules 33, 34)", "rules 130 to 132".
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { repository } from '../support/jupyter-home.ts';

const RULES = 135;

/** Of Python alone: unclosed loops, hashes of timers, eager tasks, origins of coroutines. */
const NOT_MEANT = [13, 43, 99, 129];

/** The numbers in "rule 5", "rules 5, 7 and 9", "rules 5 to 9". */
function rulesIn(name: string): number[] {
  return [...name.matchAll(/\brules? (\d+(?:(?:, | and | to )\d+)*)/g)].flatMap(([, list = '']) =>
    [...list.matchAll(/(\d+)(?: to (\d+))?/g)].flatMap(([, from, to = from]) => {
      const count = Number(to) - Number(from) + 1;
      return Array.from({ length: count }, (_, i) => Number(from) + i);
    }),
  );
}

/** The texts in quotes of a test file that name a rule: the names of its tests, wherever they stand. */
function claimsOf(file: string): number[] {
  const text = readFileSync(file, 'utf8');
  const quoted = text.matchAll(/(['"`])((?:\\.|(?!\1)[^\\\n])*?\brules? \d(?:\\.|(?!\1)[^\\\n])*)\1/g);
  return [...quoted].flatMap(([, , name = '']) => rulesIn(name));
}

describe('the rules of the scheduler', () => {
  it('are each claimed by a test', () => {
    const claimed = new Set(
      ['test/src', 'test/kernel/whole'].flatMap((folder) => {
        const files = readdirSync(path.join(repository, folder), { recursive: true, encoding: 'utf8' });
        const others = files.filter((name) => name.endsWith('.ts') && name !== 'rules.test.ts');
        return others.flatMap((name) => claimsOf(path.join(repository, folder, name)));
      }),
    );
    const all = Array.from({ length: RULES }, (_, i) => i + 1);
    assert.deepEqual(
      all.filter((rule) => !claimed.has(rule)),
      NOT_MEANT,
    );
  });

  it('are read from names in each way of writing', () => {
    assert.deepEqual(rulesIn('rule 69: calls'), [69]);
    assert.deepEqual(rulesIn('calls (rules 33, 34 and 36)'), [33, 34, 36]);
    assert.deepEqual(rulesIn('rules 130 to 132: virtual time'), [130, 131, 132]);
    assert.deepEqual(rulesIn('rules of the house'), []);
  });
});
