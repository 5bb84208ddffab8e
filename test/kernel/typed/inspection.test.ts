/** inspect_request and `name?` in a whole kernel: what TypeScript says, and what the session has. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { makeFolder, removeFolder, runCli } from '../cli/run-cli.ts';
import { makeCell, notebookJson } from '../embedded/make-notebook.ts';
import { shownBy, TestKernel } from '../../support/kernel-client.ts';

const declarations = `/** Adds **two** numbers.
 * @param a the first
 * @param b the second, see {@link Math.max}
 */
function add(a: number, b = 2): number { return a + b }
let count = 3
const user = { name: 'Zoë', tags: ['a'] }
interface Shape { area: number }
type Either = 'left' | 'right'
class Point { x = 1; /** How far. */ distance(to: Point): number { return this.x - to.x } }
let parsed = JSON.parse('{"a": {"b": 1}}')
import { helper } from './helper.ts'
import { readFile } from 'node:fs/promises'
let URL = 'a name that a global has'`;

describe('inspection in a kernel', function () {
  let kernel: TestKernel;
  before(async () => {
    kernel = await TestKernel.start();
    await writeFile(
      path.join(kernel.folder, 'helper.ts'),
      '/** Helps. */\nexport function helper(n: number): number {\n  return n; // as it is\n}\n',
    );
    const { reply } = await kernel.client.run(declarations);
    assert.equal(reply['status'], 'ok', JSON.stringify(reply));
  });
  after(() => kernel.stop());

  /** @param code with `|` where the cursor is */
  const inspect = async (
    code: string,
    detail = 0,
  ): Promise<{ plain: string; markdown: string } | undefined> => {
    const [before = '', behind = ''] = code.split('|');
    const { reply } = await kernel.client.request('shell', 'inspect_request', {
      code: before + behind,
      cursor_pos: Array.from(before).length,
      detail_level: detail,
    });
    assert.equal(reply['status'], 'ok');
    const data = reply['data'] as Record<string, string>;
    if (!reply['found']) {
      assert.deepEqual(data, {});
      return undefined;
    }
    return { plain: data['text/plain'] ?? '', markdown: data['text/markdown'] ?? '' };
  };
  const plain = async (code: string, detail = 0): Promise<string> =>
    (await inspect(code, detail))?.plain ?? 'nothing';

  it('gives signature and documentation, as markdown and without markup', async () => {
    assert.deepEqual(await inspect('ad|d'), {
      plain:
        'function add(a: number, b?: number): number\n\nAdds two numbers.\n\n@param a — the first\n\n@param b — the second, see Math.max',
      markdown:
        '```typescript\nfunction add(a: number, b?: number): number\n```\n\nAdds **two** numbers.\n\n*@param* `a` — the first\n\n*@param* `b` — the second, see `Math.max`',
    });
  });

  it('of types', async () => {
    assert.equal(await plain('let s: Sha|pe'), 'interface Shape { area: number }');
    assert.equal(await plain('Shape|'), 'interface Shape { area: number }');
    assert.equal(await plain('Eith|er'), 'type Either = "left" | "right"');
    assert.match(
      await plain('const p = new Point(); p.dist|ance'),
      /^\(method\) Point\.distance\(to: Point\): number/,
    );
  });

  it('names the modules of tsloop as they are imported', async () => {
    const code = 'const own = { all: await import("tsloop/testing") }\n';
    assert.match(await plain(`${code}ow|n`), /all: typeof import\("tsloop\/testing"\);/);
  });

  it('of a call marks the active parameter', async () => {
    const second = 'add(a: number, b?: number): number\n               ^^^^^^^^^^\n\nb?: number — the second';
    for (const code of ['add(1, |)', 'add(1, |', 'add(\r\n  1,\r\n  |', '"😀"; add(1, |)', 'add(add(1), |']) {
      const text = await plain(code);
      assert.ok(text.startsWith(second), `${code}: ${text}`);
    }
    assert.match(await plain('add(|'), /\n {4}\^{9}\n/);
  });

  it('of a name in a call gives both', async () => {
    const text = await plain('add(1, co|unt)');
    assert.match(text, /^let count: number\n/);
    assert.match(text, /\n\nadd\(a: number, b\?: number\): number\n {15}\^{10}\n/);
  });

  it('counts after emoji, and lines that end with CRLF', async () => {
    for (const code of [
      '"😀😀"; us|er',
      '1\r\n\r\n"😀" + us|er',
      '`😀${us|er}`',
      '%time us|er',
      '!ls\nus|er',
      '%%time\nus|er',
    ])
      assert.match(await plain(code), /^const user: \{/, code);
  });

  it('finds nothing in strings and comments, on keywords, and where no name is', async () => {
    for (const code of [
      '"count|"',
      '// count|',
      '/* count| */',
      '`count|`',
      'i|f (true) {}',
      '  |  ',
      'count +| 1',
      'noSuch|Name',
      '%%bash\ncount|',
    ])
      assert.equal(await plain(code), 'nothing', code);
  });

  it("does not take a function's own name for the session's", async () => {
    assert.equal(await plain('function f(count: string) { return count| }'), '(parameter) count: string');
    assert.equal(await plain('{ let count = "a"; count| }'), 'let count: string');
  });

  /** What `name?` shows. */
  const page = async (cell: string): Promise<string> => {
    const { reply } = await kernel.client.run(cell);
    const [first] = (reply['payload'] ?? []) as Array<{ data: Record<string, string> }>;
    return first?.data['text/plain'] ?? String(reply['evalue']);
  };

  it('of name? adds the value', async () => {
    assert.equal(await page('count?'), 'let count: number\n\nValue: 3');
    assert.equal(await page('?user.name'), "(property) name: string\n\nValue: 'Zoë'");
    assert.equal(await page('user.tags[0]?'), "user.tags[0]: string\n\nValue: 'a'");
    assert.match(await page('user?'), /\}\n\nValue: \{ name: 'Zoë', tags: Array\(1\) \}$/);
    assert.equal(await page('URL?'), "let URL: string\n\nValue: 'a name that a global has'");
    assert.equal(await page('Shape?'), 'interface Shape { area: number }');
    assert.match(await page('Partial?'), /^type Partial<T> = /);
    assert.equal(await page('noSuchName?'), "There is nothing called 'noSuchName' to explain");
  });

  it('of what has any type gives that of the value', async () => {
    assert.equal(await page('parsed?'), 'let parsed: any\n\nAt run time: Object\n\nValue: { a: {…} }');
    assert.equal(await page('parsed.a?'), 'parsed.a: any\n\nAt run time: Object\n\nValue: { b: 1 }');
  });

  it('of name?? adds the declaration as it was written, and its cell', async () => {
    assert.match(
      await page('add??'),
      /\n\nIn \[1\]:\n\nfunction add\(a: number, b = 2\): number \{ return a \+ b \}$/,
    );
    assert.match(await page('user??'), /\n\nIn \[1\]:\n\nconst user = \{ name: 'Zoë', tags: \['a'\] \}$/);
    assert.match(
      await plain('Point.prototype.dist|ance', 1),
      /\n\nIn \[1\]:\n\n.*distance\(to: Point\): number \{ return/,
    );
    await kernel.client.run('let later: string[] = []');
    assert.match(await page('later??'), /In \[\d+\]:\n\nlet later: string\[\] = \[\]$/);
    assert.doesNotMatch(await page('later??'), /In \[1\]/);
  });

  it('of name?? shows the TypeScript of a local file, else what runs, or that it is native', async () => {
    assert.match(
      await page('helper??'),
      /Helps\.\n\nhelper\.ts:2:\n\nexport function helper\(n: number\): number \{\n {2}return n; \/\/ as it is\n\}$/,
    );
    assert.match(await page('readFile??'), /As it runs:\n\nasync function readFile\(/);
    assert.match(await page('Math.max??'), /The function is native/);
  });

  it('answers while a cell blocks', async () => {
    const running = kernel.client.submit('console.log("runs"); while (true) {}');
    await kernel.client.printed(running, 'runs');
    assert.match(await plain('us|er'), /^const user: \{/);
    assert.match(await plain('add(1, |'), /\^{10}/);
    await kernel.client.request('control', 'interrupt_request');
    await kernel.client.answer(running);
  });
});

describe('inspection without a TypeScript service', function () {
  let kernel: TestKernel;
  before(async () => {
    kernel = await TestKernel.start({ env: { TSLOOP_TYPESCRIPT: path.join('no', 'such', 'program') } });
    await kernel.client.run('let count = 3');
  });
  after(() => kernel.stop());

  it('knows what the live session knows', async () => {
    const { reply } = await kernel.client.request('shell', 'inspect_request', {
      code: 'count',
      cursor_pos: 5,
      detail_level: 0,
    });
    assert.equal((reply['data'] as Record<string, string>)['text/plain'], 'count: number\n\n3');
    const { reply: help, published } = await kernel.client.run('count?');
    assert.equal(help['status'], 'ok');
    assert.equal(shownBy(published).errors.length, 0);
  });
});

describe('name? in a notebook that tsloop run runs', function () {
  this.timeout(60_000);

  it('prints what TypeScript knows, and fails for what there is not', async () => {
    const folder = makeFolder();
    try {
      const file = path.join(folder, 'a.ipynb');
      const sources = ['/** Twice **it**. */\nconst twice = (n: number) => n * 2', 'twice??', 'noSuchName?'];
      await writeFile(file, notebookJson(sources.map((source) => makeCell(source))));
      const { code, stderr } = await runCli(['run', file]);
      assert.equal(code, 1);
      assert.match(stderr, /There is nothing called 'noSuchName' to explain/);
      const { cells } = JSON.parse(await readFile(file, 'utf8')) as {
        cells: Array<{ outputs: Array<{ text?: string[] }> }>;
      };
      assert.equal(
        cells[1]?.outputs[0]?.text?.join(''),
        'const twice: (n: number) => number\n\nTwice it.\n\nIn [1]:\n\nconst twice = (n: number) => n * 2\n',
      );
    } finally {
      removeFolder(folder);
    }
  });
});
