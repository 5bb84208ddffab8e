/**
 * The rules of asyncio's behaviour that the scheduler follows have numbers (1 to 135), which stand in the names of
 * the tests. None of them may get lost.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { repository } from '../support/jupyter-home.ts';

const LAST_RULE = 135;

/** Rules of Python that mean nothing here, each with the reason. */
const MEANINGLESS: Readonly<Record<number, string>> = {
  13: 'a warning when a loop is collected that was not closed: it holds nothing that would have to be closed',
  43: 'handles can be hashed and weakly referenced: so can all objects',
  99: 'eager tasks came with Python 3.12',
  129: 'warnings of coroutines that were never awaited: the code of a promise runs whoever waits for it',
};

/** The numbers in `rule 3`, `rules 4, 5`, `rules 4 and 5`, `rules 4-6`. */
function rulesIn(text: string): number[] {
  return [...text.matchAll(/\brules? ((?:\d+(?:-\d+)?(?:, | and )?)+)/g)].flatMap(([, list = '']) =>
    [...list.matchAll(/(\d+)(?:-(\d+))?/g)].flatMap(([, from, to = from]) =>
      Array.from({ length: Number(to) - Number(from) + 1 }, (_, i) => Number(from) + i),
    ),
  );
}

describe('the rules of asyncio', () => {
  it('each stand in the name of a test, but for those that mean nothing here', () => {
    const folder = path.join(repository, 'test', 'src');
    const tests = readdirSync(folder).filter((name) => name.endsWith('.test.ts') && name !== 'rules.test.ts');
    // Names only: a rule that a comment mentions is not tested by that.
    const names = tests.flatMap((name) => {
      const text = readFileSync(path.join(folder, name), 'utf8').replace(/^\s*(?:\/\/|\*|\/\*).*$/gm, '');
      return text.match(/(['"`])[^\n]*?\brules? \d[^\n]*?\1/g) ?? [];
    });
    const claimed = new Set(names.flatMap(rulesIn));
    const all = Array.from({ length: LAST_RULE }, (_, i) => i + 1);
    assert.deepEqual(
      all.filter((rule) => !claimed.has(rule) && !(rule in MEANINGLESS)),
      [],
    );
    assert.deepEqual(
      [...claimed].filter((rule) => rule < 1 || rule > LAST_RULE),
      [],
    );
  });
});
