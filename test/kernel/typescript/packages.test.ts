import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isBroughtByCell, withBareNames } from '../../../kernel/typescript/packages.ts';

describe('packages that a cell brings itself', () => {
  let folder: string;
  before(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'tsloop-typed-packages-')));
    for (const name of ['here', '@scope/here']) {
      mkdirSync(join(folder, 'node_modules', name), { recursive: true });
      writeFileSync(
        join(folder, 'node_modules', name, 'package.json'),
        JSON.stringify({ name, version: '1.2.0' }),
      );
    }
  });
  after(() => rmSync(folder, { recursive: true }));

  const rewritten: Array<[text: string, expected: string]> = [
    ['import a from "npm:here@1"; a', 'import a from "here"      ; a'],
    ["import * as a from 'npm:@scope/here@^1.0/sub'", "import * as a from '@scope/here/sub'         "],
    ['await import("npm:here")', 'await import("here"    )'],
    ['import"npm:here"', 'import"here"    '],
    ['/** @jsxImportSource npm:here@1 */ <a/>', '/** @jsxImportSource here       */ <a/>'],
  ];
  for (const [text, expected] of rewritten) {
    it(`are named as TypeScript finds them, in place: ${text}`, () => {
      assert.equal(withBareNames(text, folder), expected);
      assert.equal(expected.length, text.length);
    });
  }

  for (const text of [
    'import "npm:elsewhere"',
    'import "npm:here@2"',
    'import "npm:"',
    'const a = "npm:here"',
    '/** @jsxImportSource npm:elsewhere */',
  ]) {
    it(`are left alone when there is nothing to find: ${text}`, () =>
      assert.equal(withBareNames(text, folder), text));
  }

  it('are no errors, while others are', () => {
    const missing = (name: string): string =>
      `Cannot find module '${name}' or its corresponding type declarations.`;
    assert.ok(isBroughtByCell('', missing('npm:x@1')));
    assert.ok(isBroughtByCell('%npm install y x@1', missing('x')));
    assert.ok(isBroughtByCell('!npm i -D @s/x', missing('@s/x/part')));
    assert.ok(!isBroughtByCell('%npm install y', missing('x')));
    assert.ok(!isBroughtByCell('', missing('./x.ts')));
  });
});
