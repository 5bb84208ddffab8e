/** Completion from the live session alone, on a session that the test describes. */
import assert from 'node:assert/strict';
import { withSession } from './described-session.ts';

describe('completion', () => {
  const front = withSession(['apple', 'appetite', 'banana', '__tsloop__', 'größe'], {
    globalThis: ['apply', 'not a name', '__tsloop__'],
    apple: ['seeds', 'seedless', 'a-b', 'core'],
    'apple.core': ['deep'],
  });
  const complete = async (code: string, cursor?: number): Promise<Record<string, unknown>> =>
    front.ask('complete_request', { code, cursor_pos: cursor ?? Array.from(code).length });

  it('gives names of the session first, then globals, none of the kernel', async () => {
    assert.deepEqual(await complete('app'), {
      status: 'ok',
      matches: ['appetite', 'apple', 'apply'],
      cursor_start: 0,
      cursor_end: 3,
      metadata: {
        _jupyter_types_experimental: [
          { start: 0, end: 3, text: 'appetite', type: 'instance', signature: '' },
          { start: 0, end: 3, text: 'apple', type: 'instance', signature: '' },
          { start: 0, end: 3, text: 'apply', type: 'property', signature: '' },
        ],
      },
    });
    assert.deepEqual((await complete('__ts'))['matches'], []);
  });

  it('gives keywords', async () => assert.deepEqual((await complete('interf'))['matches'], ['interface']));

  it('gives members, but only those that can be written after a dot', async () => {
    assert.deepEqual((await complete('apple.'))['matches'], ['seeds', 'seedless', 'core']);
    assert.deepEqual((await complete('apple?.se'))['matches'], ['seeds', 'seedless']);
    assert.deepEqual((await complete('f(apple.core.d'))['matches'], ['deep']);
  });

  it('gives nothing after what it must not evaluate', async () => {
    for (const code of ['f().x', 'a[0].x', '(1).', '"text".', '1 + '])
      assert.deepEqual((await complete(code))['matches'], [], code);
  });

  it('looks at the text before the cursor only, and replaces from there', async () => {
    const { matches, cursor_start: start, cursor_end: end } = await complete('let x = apple.se + rest', 16);
    assert.deepEqual([matches, start, end], [['seeds', 'seedless'], 14, 16]);
  });

  it('counts the cursor in code points, before and after an emoji', async () => {
    const code = '"😀😀"; app';
    const { matches, cursor_start: start, cursor_end: end } = await complete(code);
    assert.deepEqual([matches, start, end], [['appetite', 'apple', 'apply'], 6, 9]);
  });

  it('takes names of other alphabets', async () => {
    const { matches, cursor_start: start } = await complete('grö');
    assert.deepEqual([matches, start], [['größe'], 0]);
  });

  it('takes the end of the code when there is no cursor, or one beyond it', async () => {
    assert.deepEqual((await front.ask('complete_request', { code: 'ban' }))['matches'], ['banana']);
    assert.deepEqual((await complete('ban', 99))['matches'], ['banana']);
  });
});
