import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const hooks = new URL('../../../kernel/modules/hooks.js', import.meta.url).href;
const scheduler = new URL('../../../src/index.js', import.meta.url).href;

/** Imports as cells do: by a script without a module, made before or after the hooks are installed. */
const prelude = `
  import { createRequire } from 'node:module';
  import { Script, constants } from 'node:vm';
  import { installModuleHooks } from ${JSON.stringify(hooks)};
  const load = new Script('(specifier, options) => import(specifier, options)', {
    filename: process.cwd() + '/cell.mjs',
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  }).runInThisContext();
  const require = createRequire(process.cwd() + '/cell.cjs');
  installModuleHooks();
  installModuleHooks();
`;

describe('the module hooks', () => {
  let folder: string;
  before(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'tsloop-hooks-')));
    writeFileSync(join(folder, 'colors.ts'), 'export enum Color { Red, Green }\nexport type Gone = 1;\n');
    writeFileSync(join(folder, 'deep.ts'), `\nlet a = ${'('.repeat(20_000)}1${')'.repeat(20_000)}`);
    writeFileSync(join(folder, 'wrong.ts'), 'const a = 1;\n\tlet b: = 3;\n');
    writeFileSync(
      join(folder, 'throws.ts'),
      'interface Gone { a: 1 }\n\nexport const fail = (): never => {\n  throw new Error("no");\n};\n',
    );
    writeFileSync(join(folder, 'scheduler.mts'), "export * as tsloop from 'tsloop';");
    writeFileSync(join(folder, 'common.cts'), 'export = { answer: 42 as number };');
  });
  after(() => rmSync(folder, { recursive: true }));

  async function run(code: string): Promise<unknown> {
    const file = join(folder, `main-${Math.random().toString(36).slice(2)}.mjs`);
    writeFileSync(file, `${prelude}\nconsole.log(JSON.stringify(await (async () => {\n${code}\n})()));`);
    const { stdout } = await promisify(execFile)(process.execPath, [file], { cwd: folder });
    return JSON.parse(stdout);
  }

  it('serve import() of scripts that have no module, as cells are', async () => {
    assert.equal(await run("return (await load('./colors.ts')).Color.Green"), 1);
    assert.equal(await run("return (await load('./colors')).Color.Red"), 0);
  });

  it('load a file once, and anew with another query', async () => {
    const code = `const [a, b, c] = [await load('./colors'), await load('./colors.ts'), await load('./colors.ts?2')];
      return [a === b, a === c];`;
    assert.deepEqual(await run(code), [true, false]);
  });

  it('give a file the very tsloop that the kernel runs', async () => {
    const code = `const { tsloop } = await load('./scheduler.mjs');
      return tsloop === await import(${JSON.stringify(scheduler)}) && typeof tsloop.getEventLoop`;
    assert.equal(await run(code), 'function');
  });

  it('serve require', async () => {
    assert.equal(await run("return require('./colors.ts').Color.Green"), 1);
    assert.equal(await run("return require('./common.cts').answer"), 42);
    assert.equal(await run("return require('./colors').Color.Green"), 1);
  });

  it('name file, line and column of a syntax error, with a caret', async () => {
    const expected = `(${join(folder, 'wrong.ts')}:2:9)`;
    const code = (how: string): string =>
      `try { ${how} } catch (error) { return [error.name, error.message, error.stack] }`;
    for (const how of ["await load('./wrong.ts')", "require('./wrong.ts')"]) {
      const [name, message, stack] = (await run(code(how))) as [string, string, string];
      assert.equal(name, 'SyntaxError');
      assert.ok(message.endsWith(expected), message);
      assert.ok(stack.includes('\tlet b: = 3;\n\t       ^'), stack);
    }
  });

  it('refuse a file that is nested too deeply, which would end the process', async () => {
    const [name, message] = (await run(
      "try { await load('./deep.ts') } catch (error) { return [error.name, error.message] }",
    )) as [string, string];
    assert.equal(name, 'SyntaxError');
    assert.equal(
      message,
      `This is nested too deeply: more than 1000 brackets or elements in one another (${join(folder, 'deep.ts')}:2:1009)`,
    );
  });

  it('leave stack traces in the lines of the TypeScript', async () => {
    const code = "try { (await load('./throws')).fail() } catch (error) { return error.stack }";
    assert.match((await run(code)) as string, /throws\.ts:4:9/);
  });

  it("leave Node's own message for what is not there", async () => {
    const code = "try { await load('./nothing.ts') } catch (error) { return error.code }";
    assert.equal(await run(code), 'ERR_MODULE_NOT_FOUND');
  });
});
