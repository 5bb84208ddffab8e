/** Completion and inspection, on a session that the test describes. */
import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { toCodePoints, toUtf16 } from '../../../kernel/front/codepoints.ts';
import { FrontUnderTest } from './front-under-test.ts';

/** Names of the session; what `Object(expression)` has, by expression; and what a look at an expression gives. */
function withSession(
  names: readonly string[],
  members: Readonly<Record<string, readonly string[]>> = {},
  values: Readonly<Record<string, object>> = {},
): FrontUnderTest {
  const front = new FrontUnderTest();
  front.main.replies['Runtime.globalLexicalScopeNames'] = () => ({ names });
  front.main.replies['Runtime.evaluate'] = ({ expression }) => {
    const text = String(expression);
    const owner = /^Object\((.*)\)$/.exec(text)?.[1];
    if (owner !== undefined && members[owner]) return { result: { type: 'object', objectId: owner } };
    return values[text] ? { result: values[text] } : { result: {}, exceptionDetails: {} };
  };
  front.main.replies['Runtime.getProperties'] = ({ objectId }) => ({
    result: (members[String(objectId)] ?? []).map((name) => ({ name })),
  });
  return front;
}

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
      metadata: {},
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

describe('inspection', () => {
  const values = {
    n: { type: 'number', description: '-0', unserializableValue: '-0' },
    text: { type: 'string', value: 'a "b"' },
    nothing: { type: 'object', subtype: 'null', value: null },
    o: { type: 'object', className: 'Point', description: 'Point' },
    'o.inner': { type: 'object', className: 'Object', description: 'Object' },
    f: { type: 'function', className: 'Function', description: 'function f(a) {\n  return a\n}' },
  };
  const front = withSession([], {}, values);
  const inspect = (code: string, cursor: number, detail = 0): Promise<Record<string, unknown>> =>
    front.ask('inspect_request', { code, cursor_pos: cursor, detail_level: detail });
  const textOf = async (code: string, cursor: number, detail = 0): Promise<unknown> =>
    ((await inspect(code, cursor, detail))['data'] as Record<string, unknown>)['text/plain'];

  it('says type and value', async () => {
    assert.equal(await textOf('n', 1), 'n: number\n\n-0');
    assert.equal(await textOf('text', 2), 'text: string\n\n"a \\"b\\""');
    assert.equal(await textOf('nothing', 0), 'nothing: null\n\nnull');
    assert.equal(await textOf('o', 1), 'o: Point\n\nPoint');
  });

  it('says the first line of a function, or all of it', async () => {
    assert.equal(await textOf('f', 1), 'f: Function\n\nfunction f(a) {');
    assert.equal(await textOf('f', 1, 1), 'f: Function\n\nfunction f(a) {\n  return a\n}');
  });

  it('looks at the name that the cursor is in, with what stands before it', async () => {
    assert.match(String(await textOf('x = o.inner', 5)), /^o: /);
    assert.match(String(await textOf('x = o.inner', 8)), /^o\.inner: /);
    assert.match(String(await textOf('"😀"; n', 6)), /^n: /);
  });

  it('finds nothing where nothing is', async () => {
    for (const [code, cursor] of [
      ['missing', 3],
      ['', 0],
      ['1 + 2', 2],
    ] as const) {
      const { status, found, data } = await inspect(code, cursor);
      assert.deepEqual([status, found, data], ['ok', false, {}], code);
    }
  });

  it('of name? is a page, and runs nothing', async () => {
    const id = front.execute('o?');
    const { status, payload } = await front.idle(id);
    assert.deepEqual(
      [status, payload],
      ['ok', [{ source: 'page', data: { 'text/plain': 'o: Point\n\nPoint' }, start: 0 }]],
    );
    assert.deepEqual(front.cells, []);
    assert.deepEqual(front.kinds(id), ['busy', 'execute_input', 'execute_reply', 'idle']);
  });

  it('of an unknown name? is an error of that cell', async () => {
    const id = front.execute('missing?');
    const { status, evalue } = await front.idle(id);
    assert.deepEqual([status, evalue], ['error', "There is nothing called 'missing' to explain"]);
    assert.deepEqual(front.kinds(id), ['busy', 'execute_input', 'error', 'execute_reply', 'idle']);
  });
});

describe('a cursor position', () => {
  it('is the same place in code points and in UTF-16 units', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat({ max: 30 }), (text, position) => {
        const points = Array.from(text);
        const at = Math.min(position, points.length);
        const offset = toUtf16(text, position);
        assert.equal(offset, points.slice(0, at).join('').length);
        assert.equal(toCodePoints(text, offset), at);
      }),
    );
  });

  it('counts lone surrogates as one', () =>
    assert.deepEqual([toUtf16('\ud83dx', 2), toCodePoints('\ud83dx', 2)], [2, 2]));
  it('that is negative is the start', () => assert.equal(toUtf16('abc', -5), 0));
});
