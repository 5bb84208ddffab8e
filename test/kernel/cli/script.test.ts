import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder, removeFolder, runCli, startCli } from './run-cli.ts';

describe('tsloop SCRIPT', () => {
  let folder: string;
  before(() => {
    folder = makeFolder();
  });
  after(() => removeFolder(folder));

  function script(name: string, text: string): string {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
    return name;
  }
  const run = (...args: string[]): ReturnType<typeof runCli> => runCli(args, { cwd: folder });

  it('gives the script its arguments as node does, options and all', async () => {
    script('args.ts', 'console.log(JSON.stringify(process.argv.slice(1)))');
    const expected = [join(folder, 'args.ts'), '--name', 'x', '-v'];
    for (const args of [['args.ts'], ['run', 'args.ts'], ['run', 'args.ts', '--']]) {
      const { stdout, code } = await run(...args, '--name', 'x', '-v');
      assert.deepEqual(JSON.parse(stdout), expected);
      assert.equal(code, 0);
    }
  });

  it('runs enums, namespaces, parameter properties, decorators and JSX', async () => {
    script(
      'syntax.tsx',
      `enum Color { Red, Green }
      namespace Box { export let size = 3 }
      class Point { constructor(readonly x: number) {} }
      const seen: string[] = [];
      const note = (_: unknown, context: { name: string | symbol }): void => void seen.push(String(context.name));
      class Noted { @note method(): void {} }
      const React = { createElement: (tag: string, _: null, ...children: string[]) => tag + children.join('') };
      console.log(Color.Green, Box.size, new Point(4).x, typeof Noted, seen.join(), <b>text</b>);`,
    );
    const { stdout, stderr } = await run('syntax.tsx');
    assert.equal(stderr, '');
    assert.equal(stdout, '1 3 4 function method btext\n');
  });

  it('finds imports without their extension, by the name of their output, in folders, and in JSON and CommonJS', async () => {
    script('lib/a.ts', "export const a: string = 'a'");
    script('lib/b.ts', "export const b: string = 'b'");
    script('lib/sub/index.ts', "export const c: string = 'c'");
    script('lib/d.cts', "import path = require('node:path'); export = { d: path.basename('/x/d') };");
    script('lib/e.json', '{"e":"e"}');
    script('lib/f.cjs', "module.exports = { f: 'f' };");
    script('lib/g.ts', 'module.exports = { g: typeof require };');
    script(
      'imports.ts',
      `import { a } from './lib/a';
      import { b } from './lib/b.js';
      import { c } from './lib/sub';
      import d from './lib/d.cts';
      import e from './lib/e.json' with { type: 'json' };
      import f from './lib/f.cjs';
      import g from './lib/g';
      const { a: again } = await import('./lib/a.ts');
      console.log(a, b, c, d.d, e.e, f.f, g.g, again);`,
    );
    const { stdout, stderr } = await run('imports.ts');
    assert.equal(stdout, 'a b c d e f function a\n', stderr);
  });

  it('prefers the exact file: a .js beside a .ts is what it says', async () => {
    script('exact/a.js', "export const a = 'js'");
    script('exact/a.ts', "export const a = 'ts'");
    script('exact/main.ts', "import { a } from './a.js'; console.log(a)");
    assert.equal((await run('exact/main.ts')).stdout, 'js\n');
  });

  it('gives every file the same tsloop, even where another one is installed', async () => {
    script('node_modules/tsloop/package.json', '{"name":"tsloop","type":"module","exports":"./index.js"}');
    script('node_modules/tsloop/index.js', "throw new Error('the wrong tsloop')");
    script('helper.ts', "import { getEventLoop } from 'tsloop'; export const loop = getEventLoop();");
    script(
      'loop.ts',
      `import { getEventLoop } from 'tsloop';
      import { loop } from './helper';
      const answers: number[] = [];
      loop.callSoon(() => answers.push(42));
      await new Promise((resolve) => setTimeout(resolve, 1));
      console.log(loop === getEventLoop(), answers.length, loop.isRunning());
      await loop.runUntilComplete(async () => undefined);
      console.log(answers.join());`,
    );
    const { stdout, stderr } = await run('loop.ts');
    // Nothing fires before the loop is run: in scripts loops are strict.
    assert.equal(stdout, 'true 0 false\n42\n', stderr);
  });

  it('reports an uncaught error with the lines of the TypeScript, and exit code 1', async () => {
    script(
      'throws.ts',
      `interface Gone { a: 1 }\n\nfunction fail(): never {\n  throw new TypeError('broken');\n}\nfail();\n`,
    );
    const { code, stderr } = await run('throws.ts');
    assert.equal(code, 1);
    assert.match(stderr, /TypeError: broken/);
    assert.match(stderr, /throws\.ts:4:9/);
    assert.match(stderr, /throws\.ts:6:1/);
    assert.doesNotMatch(stderr, /run-script/);
  });

  it('reports an error of a callback the same way', async () => {
    script('callback.ts', `type Gone = 1;\nsetTimeout(() => {\n  throw new RangeError('later');\n}, 1);\n`);
    const { code, stderr } = await run('callback.ts');
    assert.equal(code, 1);
    assert.match(stderr, /RangeError: later/);
    assert.match(stderr, /callback\.ts:3:9/);
  });

  it('names file, line and column of a syntax error, also in an imported file', async () => {
    script('wrong.ts', 'const a = 1;\nlet b: = 3;\n');
    script('imports-wrong.ts', "import './wrong';");
    for (const name of ['wrong.ts', 'imports-wrong.ts']) {
      const { code, stderr } = await run(name);
      assert.equal(code, 1);
      assert.ok(stderr.includes(`SyntaxError`), stderr);
      assert.ok(stderr.includes(`(${join(folder, 'wrong.ts')}:2:8)`), stderr);
      assert.ok(stderr.includes('let b: = 3;\n       ^'), stderr);
    }
  });

  it('keeps the exit code that the script sets', async () => {
    script('seven.ts', 'process.exitCode = 7');
    assert.equal((await run('seven.ts')).code, 7);
  });

  it("says so when the script's top-level await can never settle", async () => {
    script('never.ts', 'await new Promise(() => {})');
    const { code, stderr } = await run('never.ts');
    assert.match(stderr, /the top-level await of .*never\.ts never settles/);
    assert.equal(code, 13);
  });

  it('streams what the script prints while it runs', async () => {
    script('stream.ts', "console.log('first'); process.stdin.resume(); setInterval(() => undefined, 1000);");
    const { child, ended } = startCli(['stream.ts'], { cwd: folder });
    const first = await new Promise<string>((resolve) => {
      child.stdout?.once('data', (text: string) => resolve(text));
    });
    assert.equal(first, 'first\n');
    child.kill('SIGKILL');
    await ended;
  });
});
