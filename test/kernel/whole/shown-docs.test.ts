/** The code of the pages on what cells show: each block is a cell, in its order, checked and run; each shows something. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { repository } from '../../support/jupyter-home.ts';
import { shownBy, TestKernel } from '../../support/kernel-client.ts';

/** Each page, and how many blocks it has at least. */
const PAGES = [
  ['display.md', 10],
  ['widgets.md', 8],
] as const;

for (const [name, least] of PAGES) {
  const page = readFileSync(path.join(repository, 'docs', name), 'utf8');
  const blocks = [...page.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = '']) => code.trim());

  describe(`docs/${name}`, () => {
    let kernel: TestKernel;
    before(async () => {
      kernel = await TestKernel.start();
    });
    after(() => kernel.stop());

    it('has code', () => assert.ok(blocks.length >= least));

    for (const code of blocks) {
      it(`runs: ${code.split('\n')[0]}`, async () => {
        const { published, reply } = await kernel.client.run(code);
        const { errors, stderr } = shownBy(published);
        assert.deepEqual([reply['status'], errors, stderr], ['ok', [], '']);
        assert.ok(
          published.some(({ type }) => /^(?:display_data|execute_result)$/.test(type)),
          'it shows something',
        );
      });
    }
  });
}
