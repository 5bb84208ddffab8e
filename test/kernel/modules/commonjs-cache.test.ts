import assert from 'node:assert/strict';
import { join, sep } from 'node:path';
import { CommonJsCache } from '../../../kernel/modules/commonjs-cache.ts';

const at = (name: string): string => join(sep, ...name.split('/'));

describe('the cache of CommonJS modules', () => {
  /** Node's cache, in which each file requires the next, and what the files say. */
  function make(): {
    cache: Record<string, object | undefined>;
    files: Record<string, string>;
    watched: CommonJsCache;
  } {
    const module = (name: string, ...children: object[]): object => ({
      id: at(name),
      filename: at(name),
      children,
    });
    const low = module('work/low.cjs');
    const middle = module('work/middle.cjs', low);
    const cache: Record<string, object | undefined> = {
      [at('work/low.cjs')]: low,
      [at('work/middle.cjs')]: middle,
      [at('work/top.cjs')]: module('work/top.cjs', middle),
      [at('work/other.cjs')]: module('work/other.cjs'),
      [at('work/node_modules/x/index.js')]: module('work/node_modules/x/index.js'),
    };
    const files = Object.fromEntries(Object.keys(cache).map((path) => [path, 'as it was']));
    const watched = new CommonJsCache(cache, (path) => ({ stamp: undefined, content: files[path] ?? '' }));
    watched.note();
    return { cache, files, watched };
  }

  it('loses what has changed and what requires it, and nothing else', () => {
    const { cache, files, watched } = make();
    assert.deepEqual(watched.refresh(undefined), []);
    files[at('work/middle.cjs')] = 'new';
    assert.deepEqual(watched.refresh([at('work')]).sort(), [at('work/middle.cjs'), at('work/top.cjs')]);
    assert.deepEqual(Object.keys(cache).sort(), [
      at('work/low.cjs'),
      at('work/node_modules/x/index.js'),
      at('work/other.cjs'),
    ]);
    assert.deepEqual(watched.refresh([at('work')]), []);
  });

  it('keeps packages, and what lies elsewhere', () => {
    const { files, watched } = make();
    files[at('work/node_modules/x/index.js')] = 'new';
    files[at('work/low.cjs')] = 'new';
    assert.deepEqual(watched.refresh([at('elsewhere'), at('wor')]), []);
  });
});
