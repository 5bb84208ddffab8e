import assert from 'node:assert/strict';
import { access } from 'node:fs/promises';
import path from 'node:path';
import { repository } from '../support/jupyter-home.ts';
import { runProgram } from '../support/python.ts';

describe('npm run docs', function () {
  // It installs its tools the first time.
  this.timeout(600_000);

  it('makes the site, and finds no broken link and no mistake in an API comment', async () => {
    const script = path.join(repository, 'kernel', 'dev', 'docs.mjs');
    const { code, stdout, stderr } = await runProgram(process.execPath, [script]);
    assert.equal(code, 0, `${stdout}\n${stderr}`);
    await access(stdout.trim().split('\n').at(-1) ?? '');
  });
});
