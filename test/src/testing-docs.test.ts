/** Each piece of code in docs/testing.md is run, and prints what stands below it. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { repository } from '../support/jupyter-home.ts';
import { runSnippet } from '../support/snippets.ts';

const text = readFileSync(path.join(repository, 'docs', 'testing.md'), 'utf8');

describe('docs/testing.md', () => {
  const pieces = [...text.matchAll(/^```ts\n([^]*?)^```\n\n```text\n([^]*?)^```\n/gm)];

  it('shows what each of its pieces of code prints', () => {
    assert.ok(pieces.length >= 5);
    assert.equal(text.match(/^```ts$/gm)?.length, pieces.length);
  });

  for (const [, code = '', printed = ''] of pieces) {
    it(`prints: ${printed.trim().replaceAll('\n', ', ')}`, async () => {
      assert.equal(await runSnippet(code), printed);
    });
  }
});
