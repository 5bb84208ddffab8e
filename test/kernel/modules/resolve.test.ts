import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { redirect } from '../../../kernel/modules/resolve.ts';

describe('the resolution of imports', () => {
  let folder: string;
  let parent: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'tsloop-resolve-'));
    parent = pathToFileURL(join(folder, 'cell.mjs')).href;
    mkdirSync(join(folder, 'sub'));
    for (const file of [
      'a.ts',
      'a.js',
      'b.tsx',
      'c d.ts',
      'm.mts',
      'sub/index.ts',
      'data.json',
      'dotted.name.ts',
    ]) {
      writeFileSync(join(folder, file), '');
    }
  });
  after(() => rmSync(folder, { recursive: true }));

  const found = (specifier: string, importer: 'import' | 'require' = 'import'): string | undefined =>
    redirect(specifier, parent, importer)?.specifier;
  const url = (file: string): string => pathToFileURL(join(folder, file)).href;

  it('leaves packages, builtins and files that exist to Node', () => {
    for (const specifier of [
      'left-pad',
      'node:fs',
      'fs',
      './a.js',
      './a.ts',
      './data.json',
      'data:text/javascript,1',
    ]) {
      assert.equal(found(specifier), undefined);
    }
  });

  it('leaves what is nowhere to Node, which says that it is nowhere', () => {
    for (const specifier of ['./nothing', './nothing.js', 'file:///no/such/place', './%zz']) {
      assert.equal(found(specifier), undefined);
    }
  });

  it('finds a file without its extension, TypeScript first', () => {
    assert.equal(found('./a'), url('a.ts'));
    assert.equal(found('./b'), url('b.tsx'));
    assert.equal(found('./c%20d'), url('c d.ts'));
    assert.equal(found('./dotted.name'), url('dotted.name.ts'));
    assert.equal(found('./data'), url('data.json'));
  });

  it('finds the source of an output that does not exist', () => {
    assert.equal(found('./b.js'), url('b.tsx'));
    assert.equal(found('./m.mjs'), url('m.mts'));
  });

  it('finds the index of a folder', () => {
    assert.equal(found('./sub'), url('sub/index.ts'));
    assert.equal(found('./sub/'), url('sub/index.ts'));
  });

  it('keeps the query, by which a file is loaded anew', () => {
    assert.equal(found('./b?again=1'), `${url('b.tsx')}?again=1`);
  });

  it('gives require a path, and only what require does not find itself', () => {
    assert.equal(found('./b', 'require'), join(folder, 'b.tsx'));
    assert.equal(found('./data', 'require'), undefined);
  });

  it('does not touch the imports of installed packages', () => {
    const installed = pathToFileURL(join(folder, 'node_modules', 'x', 'index.js')).href;
    assert.equal(redirect('../../a', installed, 'import'), undefined);
  });

  it('resolves tsloop from its own files, wherever the importing one lies', () => {
    const own = redirect('tsloop', parent, 'import');
    assert.equal(own?.specifier, 'tsloop');
    assert.match(own?.parentURL ?? '', /\/dist\/kernel\/modules\//);
    assert.equal(redirect('tsloop-extra', parent, 'import'), undefined);
  });
});
