import assert from 'node:assert/strict';
import { PackageError } from '../../../kernel/packages/error.ts';
import {
  bareSpecifier,
  packageOf,
  parseNpmSpecifier,
  withRange,
} from '../../../kernel/packages/specifier.ts';

describe('a npm: specifier', () => {
  const written: Array<[text: string, name: string, range: string, subpath: string]> = [
    ['npm:lodash', 'lodash', '', ''],
    ['npm:lodash@4.17.21', 'lodash', '4.17.21', ''],
    ['npm:lodash@^4/fp', 'lodash', '^4', 'fp'],
    ['npm:lodash/fp/add.js', 'lodash', '', 'fp/add.js'],
    ['npm:/lodash@4', 'lodash', '4', ''],
    ['npm:@scope/name', '@scope/name', '', ''],
    ['npm:@scope/name@1.x/sub/path', '@scope/name', '1.x', 'sub/path'],
    ['npm:preact@%5E10.1', 'preact', '^10.1', ''],
    ['npm:typescript@next', 'typescript', 'next', ''],
    ['npm:JSONStream@>=1 <2', 'JSONStream', '>=1 <2', ''],
  ];
  for (const [text, name, range, subpath] of written) {
    it(`is read as Deno reads it: ${text}`, () => {
      assert.deepEqual(parseNpmSpecifier(text), { name, range, subpath });
    });
  }

  for (const text of [
    'npm:',
    'npm:@',
    'npm:@scope',
    'npm:../x',
    'npm:-g',
    'npm:.hidden',
    'npm:a b',
    'npm:lodash@',
    'npm:lodash@--global',
    'npm:lodash@file:..',
    'npm:lodash@4;ls',
    'npm:lodash@%00',
    'lodash',
  ]) {
    it(`is refused when it names no package: ${text}`, () => {
      assert.throws(
        () => parseNpmSpecifier(text),
        (error) => error instanceof PackageError && /names no package\. Write npm:name/.test(error.message),
      );
    });
  }

  it('becomes what npm installs and what Node imports', () => {
    const specifier = parseNpmSpecifier('npm:@scope/name@^1/sub');
    assert.equal(withRange(specifier), '@scope/name@^1');
    assert.equal(bareSpecifier(specifier), '@scope/name/sub');
    assert.equal(bareSpecifier(parseNpmSpecifier('npm:lodash@4')), 'lodash');
  });
});

describe('the package of a bare specifier', () => {
  it('is its name without the part', () => {
    assert.equal(packageOf('lodash/fp'), 'lodash');
    assert.equal(packageOf('@scope/name/part'), '@scope/name');
    assert.equal(packageOf('#internal'), undefined);
    assert.equal(packageOf('./x'), undefined);
  });
});
