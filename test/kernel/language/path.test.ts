import assert from 'node:assert/strict';
import { pathAt } from '../../../kernel/language/path.ts';

describe('the path at a place', () => {
  const places: ReadonlyArray<readonly [text: string, path: string | undefined]> = [
    ['|ab', 'ab'],
    ['ab|', 'ab'],
    ['a|.b.c', 'a'],
    ['a.|b.c', 'a.b'],
    ['a.b.c|', 'a.b.c'],
    ['a?.b|', 'a?.b'],
    ['a[0].b|', 'a[0].b'],
    ['a["k"].b|', 'a["k"].b'],
    ['a|[0]', 'a'],
    ['f(...ab|)', 'ab'],
    ['`${ab|}`', 'ab'],
    ['"😀"; ab|', 'ab'],
    ['größe|', 'größe'],
    ['a.|', undefined],
    ['f().a|', undefined],
    ['b[i].a|', undefined],
    ['"ab|"', undefined],
    ['// ab|', undefined],
    ['`ab|`', undefined],
    ['a.#b|', undefined],
    ['1|', undefined],
    ['|', undefined],
  ];
  for (const [text, path] of places) {
    it(`in ${JSON.stringify(text)} is ${path ?? 'none'}`, () =>
      assert.equal(pathAt(text.replace('|', ''), text.indexOf('|'))?.text, path));
  }
});
