import assert from 'node:assert/strict';
import { UsageError } from '../../../kernel/magics/magic.ts';
import { whos } from '../../../kernel/magics/whos.ts';
import { Lock, Queue } from '../../../src/index.ts';
import { FakeContext } from './fake-context.ts';

async function shown(
  names: Record<string, unknown>,
  types: Record<string, string> = {},
  args = '',
): Promise<Record<string, string>> {
  const context = new FakeContext();
  context.names = names;
  context.typesOfNames = types;
  await whos.line(args, context);
  assert.equal(context.stdout, '');
  return context.shown[0] as Record<string, string>;
}

describe('%whos', () => {
  const names = {
    total: 5,
    list: ['a', 'b', 'c'],
    text: 'hello',
    map: new Map([[1, 2]]),
    bytes: new Uint8Array(7),
    add: (a: number) => a,
    box: { a: 1 },
    nothing: null,
  };

  it('lists names, types, sizes and values', async () => {
    const { 'text/plain': text } = await shown(names, {
      total: 'number',
      list: 'string[]',
      add: '(a: number) => number',
    });
    assert.equal(
      text,
      [
        '         type                   size          value',
        '    add  (a: number) => number                ƒ add',
        '    box  Object                 1 property    {a: 1}',
        '  bytes  Uint8Array             7 bytes       Uint8Array(7) [0, 0, 0, 0, 0, …]',
        "   list  string[]               3 elements    ['a', 'b', 'c']",
        '    map  Map                    1 entry       Map(1) {1 => 2}',
        'nothing  null                                 null',
        "   text  string                 5 characters  'hello'",
        '  total  number                               5',
      ].join('\n'),
    );
  });

  it('shows what is of the loop by its state, without its insides', async () => {
    const { 'text/plain': text } = await shown({ lock: new Lock(), queue: new Queue(3), all: [new Lock()] });
    assert.equal(
      text,
      [
        '       type   size       value',
        '  all  Array  1 element  [<Lock [unlocked]>]',
        ' lock  Lock              <Lock [unlocked]>',
        'queue  Queue             <Queue maxsize=3>',
      ].join('\n'),
    );
  });

  it('has the rows’ places in each order, and a rule for each that a click chooses', async () => {
    const { 'text/html': html = '' } = await shown(
      { a: 'xx', b: 1, c: 'x' },
      { a: 'string', b: 'number', c: 'string' },
    );
    const rows = [...html.matchAll(/<tr style="([^"]*)"><td>(\w)/g)].map(([, style, name]) => [name, style]);
    assert.deepEqual(rows, [
      ['a', '--name:0;--type:1;--size:0'],
      ['b', '--name:1;--type:0;--size:2'],
      ['c', '--name:2;--type:2;--size:1'],
    ]);
    for (const [i, name] of ['name', 'type', 'size'].entries())
      assert.ok(
        html.includes(
          `.tsloop-variables.tsloop-variables:has(th:nth-child(${i + 1}) :checked) td{order: var(--${name})}`,
        ),
      );
    assert.equal(html.match(/type="radio" name="order"/g)?.length, 3);
  });

  it('lists those of some types only', async () => {
    const { 'text/plain': text = '' } = await shown(names, {}, 'number string');
    assert.deepEqual(
      text
        .split('\n')
        .slice(1)
        .map((line) => line.trim().split(/\s+/)[0]),
      ['text', 'total'],
    );
  });

  it('says so when there is nothing', async () => {
    const context = new FakeContext();
    await whos.line('', context);
    assert.equal(context.stdout, 'No cell has declared a name yet.\n');
    context.names = { a: 1 };
    await whos.line('string', context);
    assert.match(context.stdout, /No variables match your requested type\.\n$/);
    assert.deepEqual(context.shown, []);
  });

  it('refuses what is no type', async () => {
    await assert.rejects(
      async () => whos.line('numbr', new FakeContext()),
      (error: unknown) =>
        error instanceof UsageError && /Did you mean number\? %whos knows/.test(error.message),
    );
  });
});
