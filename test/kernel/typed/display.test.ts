/** What cells that show something are checked for. */
import assert from 'node:assert/strict';
import { TestKernel } from '../../support/kernel-client.ts';
import { describeTyped, types } from './steps.ts';

describeTyped('a cell that shows something', {
  'has all forms of display': [
    ["const handle = display.html('<b>1</b>'); handle.update('<b>2</b>')"],
    ["display.png(new Uint8Array(3), { width: 20, alt: 'nothing' }).id satisfies string; 1", '1'],
    ['display.json({ a: 1 }, { expanded: true }); display.mime({ "text/plain": "a" }); 1', '1'],
    ['display.html(5)', types('2345 1:14 5')],
    ['display.png("", { widht: 5 })', types('2561 1:19 widht')],
  ],
  'may say how an object looks by the symbol': [
    ["class Look { [display.symbol]() { return { 'text/plain': 'look' } } }\nnew Look()", 'look'],
  ],
  'has Deno’s display, and no more of Deno': [
    ['await Deno.jupyter.display(1)\nDeno.jupyter.md`a`', 'a'],
    ['Deno.readTextFile("a")', types('2339 1:6 readTextFile')],
  ],
  'has the module tslab': [
    ["import * as tslab from 'tslab'\ntslab.display.html('<b>1</b>'); tslab.newDisplay().text('2'); 1", '1'],
    ["import { display as show } from 'tslab'\nshow.html(1)", types('2345 2:11 1')],
  ],
  'has JSX without any package': [
    ['const Item = ({ n }: { n: number }) => <li>{n}</li>\nconst list = <ul><Item n={1} /></ul>\nlist', '1'],
    ['<Item n="1" />', types('2322 1:7 n')],
  ],
});

describe('%whos', () => {
  let kernel: TestKernel;
  before(async () => {
    kernel = await TestKernel.start();
  });
  after(() => kernel.stop());

  it('knows the types of what earlier cells have declared, in each mode', async () => {
    await kernel.client.run(
      'const count = 5\nlet rows = [{ a: 1, b: "x" }]\nfunction pick(n: number, all?: boolean): string[] { return [] }',
    );
    for (const mode of ['on', 'off']) {
      await kernel.client.run(`%typecheck ${mode}`);
      const { published } = await kernel.client.run('%whos');
      const shown = published.find(({ type }) => type === 'display_data')?.content['data'] as
        | Record<string, string>
        | undefined;
      assert.deepEqual(
        shown?.['text/plain']?.split('\n').map((line) => line.trim().replaceAll(/\s{2,}/g, ' | ')),
        [
          'type | size | value',
          'count | 5 | 5',
          'pick | (n: number, all?: boolean) => s… | ƒ pick',
          'rows | { a: number; b: string; }[] | 1 element | [{…}]',
        ],
        mode,
      );
    }
  });
});
