/** Inspection, on a session that the test describes. */
import assert from 'node:assert/strict';
import { withSession } from './described-session.ts';

describe('inspection', () => {
  const values = {
    n: { type: 'number', description: '-0', unserializableValue: '-0' },
    text: { type: 'string', value: 'a "b"' },
    nothing: { type: 'object', subtype: 'null', value: null },
    o: { type: 'object', className: 'Point', description: 'Point' },
    'o.inner': { type: 'object', className: 'Object', description: 'Object' },
    'rows[0].name': { type: 'string', value: 'one' },
    f: { type: 'function', className: 'Function', description: 'function f(a) {\n  return a\n}' },
  };
  const front = withSession([], {}, values);
  const inspect = (code: string, cursor: number, detail = 0): Promise<Record<string, unknown>> =>
    front.ask('inspect_request', { code, cursor_pos: cursor, detail_level: detail });
  const textOf = async (code: string, cursor: number, detail = 0): Promise<unknown> =>
    ((await inspect(code, cursor, detail))['data'] as Record<string, unknown>)['text/plain'];

  it('says type and value', async () => {
    assert.equal(await textOf('n', 1), 'n: number\n\n-0');
    assert.equal(await textOf('text', 2), `text: string\n\n'a "b"'`);
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
      ['"n"', 2],
      ['// n', 4],
      ['`n ${1} n`', 9],
      ['f().n', 5],
      ['%%bash\nn', 8],
    ] as const) {
      const { status, found, data } = await inspect(code, cursor);
      assert.deepEqual([status, found, data], ['ok', false, {}], code);
    }
  });

  it('of an element or of a member of one', async () => {
    const id = front.execute('rows[0].name?');
    const { payload } = await front.idle(id);
    const [{ data }] = payload as [{ data: Record<string, string> }];
    assert.equal(data['text/plain'], "rows[0].name: string\n\n'one'");
  });

  it('of a magic or a command says how it is called', async () => {
    assert.match(String(await textOf('1\n%cd x', 4)), /^%cd .*\n\n\S/);
    assert.match(String(await textOf('%%bash\nls', 3)), /^%%bash /);
    assert.match(String(await textOf('%time n', 2)), /^%time CODE\n%%time CODE\n\n\S/);
    assert.match(String(await textOf('!ls', 2)), /^!COMMAND\n\n\S/);
    assert.match(String(await textOf('%time n', 7)), /^n: number/);
    assert.equal((await inspect('%nonesuch', 3))['found'], false);
  });

  it('of name? is a page, and runs nothing', async () => {
    const id = front.execute('o?');
    const { status, payload } = await front.idle(id);
    assert.deepEqual(
      [status, payload],
      [
        'ok',
        [
          {
            source: 'page',
            data: {
              'text/plain': 'o: Point\n\nPoint',
              'text/markdown': '```typescript\no: Point\n```\n\n```typescript\nPoint\n```',
            },
            start: 0,
          },
        ],
      ],
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
