/** Each piece of code in docs/loop.md is run, and prints what stands below it. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as tsloop from '../../src/index.ts';
import { repository } from '../support/jupyter-home.ts';
import { runSnippet } from '../support/snippets.ts';

const text = readFileSync(path.join(repository, 'docs', 'loop.md'), 'utf8');

describe('docs/loop.md', () => {
  const pieces = [...text.matchAll(/^```ts\n([^]*?)^```\n\n```text\n([^]*?)^```\n/gm)];

  it('shows what each of its pieces of code prints', () => {
    assert.ok(pieces.length >= 6);
    assert.equal(text.match(/^```ts$/gm)?.length, pieces.length);
  });

  for (const [, code = '', printed = ''] of pieces) {
    it(`prints: ${printed.trim().replaceAll('\n', ', ')}`, async () => {
      assert.equal(await runSnippet(code), printed);
    });
  }

  it('names only what there is', () => {
    const rows = [...text.matchAll(/^\| `[^|]*\| (`[^|]*)\|$/gm)].map(([, ours = '']) => ours);
    assert.ok(rows.length > 10);
    const names = rows.flatMap((row) => [...row.matchAll(/(?<![.\w])(?:new )?([a-zA-Z]+)(?=\()/g)]);
    const known = new Set([...Object.keys(tsloop), 'async', 'f']);
    for (const [, name = ''] of names) assert.ok(known.has(name), name);
    const methods = rows.flatMap((row) => [
      ...row.matchAll(/(?:loop|, `)\.?(call[A-Z]\w+|\w+Handler|\w+Port|runIn\w+)/g),
    ]);
    for (const [, name = ''] of methods) assert.ok(name in tsloop.EventLoop.prototype, name);
  });
});
