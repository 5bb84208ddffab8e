import assert from 'node:assert/strict';
import { HOST } from '../../../kernel/bridge.ts';
import { splitCell } from '../../../kernel/magics/lines.ts';
import { assemble } from '../../../kernel/runtime/assemble.ts';

function assembled(code: string): string {
  const parts = splitCell(code);
  assert.equal(parts.kind, 'code');
  return assemble(parts.kind === 'code' ? parts.segments : []);
}

describe('a cell with shell lines and magics', () => {
  it('becomes calls in the lines where these stood', () => {
    assert.equal(
      assembled('const a = 1\n!echo hi\n%time a\na'),
      `const a = 1\nawait ${HOST}.shell("echo hi");\nawait ${HOST}.magic("time", "a");\na`,
    );
  });

  it('hands over values as expressions, and the rest as texts', () => {
    assert.equal(
      assembled('!echo "{a + 1}" {b}'),
      `await ${HOST}.shell("echo \\"", ${HOST}.text(a + 1), "\\" ", ${HOST}.text(b));`,
    );
  });

  it('keeps the lines of what follows a command of several lines', () => {
    const code = '!echo a \\\n  b \\\n  c\nthrow 1';
    assert.equal(assembled(code).split('\n').indexOf('throw 1'), code.split('\n').indexOf('throw 1'));
  });

  it('without any is what it was', () => {
    for (const code of ['', '\n', 'const a = `\n!no\n`\n', '1\r\n2\r\n']) assert.equal(assembled(code), code);
  });

  it('quotes what would end a text', () => {
    assert.equal(assembled('!echo "\\u2028`${x}"'), `await ${HOST}.shell("echo \\"\\\\u2028\`\${x}\\"");`);
  });
});
