import assert from 'node:assert/strict';
import { cellCompleteness } from '../../../kernel/front/completeness.ts';

describe('the completeness of a cell', () => {
  const cells: ReadonlyArray<readonly [code: string, indent: string | undefined]> = [
    ['!ls', undefined],
    ['!ls \\', ''],
    ['!ls \\\n', ''],
    ['!ls \\\n  -l', undefined],
    ['!ls \\\\', undefined],
    ['%time f(', undefined],
    ['%cd ..\nif (a) {', '  '],
    ['if (a) {\n  !ls', '  '],
    ['const a = [\n  1,\n];\n!ls', undefined],
    ['%%bash', ''],
    ['%%bash\nls', ''],
    ['%%bash\nls\n', ''],
    ['%%bash\nls\n\n', undefined],
    ['%%bash\r\nls\r\n\r\n', undefined],
    ['%%bash\nfor a in b; do\n  ', undefined],
    ['a.b?', undefined],
    ['?a', undefined],
    ['%time?', undefined],
  ];
  for (const [code, indent] of cells) {
    const claim = indent === undefined ? 'is complete' : `waits for more with ${JSON.stringify(indent)}`;
    const expected = indent === undefined ? { status: 'complete' } : { status: 'incomplete', indent };
    it(`of ${JSON.stringify(code)} ${claim}`, () => assert.deepEqual(cellCompleteness(code), expected));
  }
});
