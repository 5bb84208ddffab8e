import assert from 'node:assert/strict';
import { isHelp } from '../../../kernel/magics/help.ts';

describe('isHelp', () => {
  const asking: Array<[code: string, name: string, detail: 0 | 1]> = [
    ['name?', 'name', 0],
    ['?name', 'name', 0],
    ['name??', 'name', 1],
    ['??name', 'name', 1],
    [' loop.callSoon? \n', 'loop.callSoon', 0],
    ['$_.ä1 ?', '$_.ä1', 0],
  ];
  for (const [code, name, detail] of asking) {
    it(`reads ${JSON.stringify(code)} as a question`, () => assert.deepEqual(isHelp(code), { name, detail }));
  }

  for (const code of [
    'cond ? a : b',
    'a?.b',
    'a ?? b',
    'a???',
    '?a?',
    '?',
    'a?\nb',
    'f()?',
    '1?',
    'a b?',
    'a.?',
    '',
  ]) {
    it(`reads ${JSON.stringify(code)} as no question`, () => assert.equal(isHelp(code), undefined));
  }
});
