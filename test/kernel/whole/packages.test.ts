/** npm: specifiers and %npm in cells, against a registry of the test's own. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, readFile, realpath, rm } from 'node:fs/promises';
import path from 'node:path';
import { shownBy, TestKernel } from '../../support/kernel-client.ts';
import { Registry } from '../../support/registry.ts';
import { type Claims, describeCells, makeFolder } from './cells.ts';

const published = [
  {
    'package.json':
      '{ "name": "greet", "version": "1.0.0", "type": "module", "exports": { ".": "./index.js", "./sub": "./sub.js" } }',
    'index.js': 'export const hello = (name) => `hello, ${name}`;\nexport default "greet 1";\n',
    'sub.js': 'export const part = "sub 1";\n',
  },
  {
    'package.json':
      '{ "name": "greet", "version": "2.0.0", "type": "module", "exports": { ".": "./index.js", "./sub": "./sub.js" } }',
    'index.js': 'export const hello = (name) => `HELLO, ${name}`;\nexport default "greet 2";\n',
    'sub.js': 'export const part = "sub 2";\n',
  },
  {
    'package.json': '{ "name": "@scope/cjs", "version": "1.5.0", "dependencies": { "greet": "1.0.0" } }',
    'index.js': 'exports.answer = 42;\n',
    'deep/part.js': 'module.exports = { part: "deep" };\n',
    'data.json': '{ "json": true }\n',
  },
  {
    'package.json': '{ "name": "module-one", "version": "1.0.0", "type": "module", "main": "index.js" }',
    'index.js': 'export default "one";\n',
  },
  {
    'package.json': '{ "name": "module-two", "version": "2.0.0", "type": "module", "main": "index.js" }',
    'index.js': 'export const two = 2;\n',
  },
  {
    'package.json':
      '{ "name": "dual", "version": "3.0.0", "exports": { ".": { "import": "./index.mjs", "require": "./index.cjs" } } }',
    'index.mjs': 'export const format = "esm";\n',
    'index.cjs': 'exports.format = "cjs";\n',
  },
];

let registry: Registry;
before(async function () {
  this.timeout(60_000);
  registry = await Registry.start();
  for (const files of published) await registry.publish(files);
});
after(() => registry.stop());

const installing = (name: string): RegExp =>
  new RegExp(`^Installing ${name} into .* …\nadded \\d+ packages? in .*\n$`);

/** A cache of packages for one block of tests. */
const ownCache = (name: string): Record<string, string> => ({
  ...registry.environment,
  TSLOOP_TYPECHECK: 'off',
  TSLOOP_CACHE: path.join(registry.cache, name),
});

const claims: Claims = {
  'a npm: specifier installs its package, and says so': [
    [
      'import { hello } from "npm:greet@1"\nhello("you")',
      { result: "'hello, you'", stderr: installing('greet@1') },
    ],
    [
      'import text, * as all from "npm:greet@^1.0"\n[text, all.hello("again")]',
      "[ 'greet 1', 'hello, again' ]",
    ],
    ['(await import("npm:greet@1/sub")).part', "'sub 1'"],
    ['import { part } from "npm:/greet/sub"\npart', "'sub 1'"],
  ],
  'what it has installed can be imported by its bare name, and required': [
    ['import bare from "greet"\nbare', "'greet 1'"],
    ['require.resolve("npm:greet@1").endsWith("index.js")', 'true'],
  ],
  'another version goes beside the first': [
    ['import two from "npm:greet@2"\ntwo', { result: "'greet 2'", stderr: installing('greet@2') }],
    [
      'import one from "npm:greet@1"\nimport bareStill from "greet"\n[one, bareStill]',
      "[ 'greet 1', 'greet 1' ]",
    ],
    ['(await import("npm:greet@2/sub")).part', "'sub 2'"],
  ],
  'a scoped CommonJS package, its parts and its JSON': [
    [
      'import cjs, { answer } from "npm:@scope/cjs"\n[cjs.answer, answer]',
      { result: '[ 42, 42 ]', stderr: /^Installing @scope\/cjs into/ },
    ],
    ['import deep from "npm:@scope/cjs@1.5.0/deep/part.js"\ndeep', "{ part: 'deep' }"],
    ['import data from "npm:@scope/cjs/data.json"\ndata', '{ json: true }'],
    ['require("npm:@scope/cjs").answer + require("@scope/cjs/deep/part").part', "'42deep'"],
  ],
  '%npm install, then import in the next line': [
    [
      '%npm install dual@3\nimport { format } from "dual"\nformat',
      { result: "'esm'", stdout: /^Installing dual@3 in .* …\nadded 1 package in .*\n$/ },
    ],
    ['require("dual").format', "'cjs'"],
    ['%npm ls', { stdout: /dual@3\.0\.0/ }],
    ['%npm uninstall dual', { stdout: /^Uninstalling dual in .* …\nremoved 1 package in .*\n$/ }],
    ['%npm ls', { stdout: /^(?![^]*dual)/ }],
  ],
  'types of a package load nothing': [['import type { Nothing } from "npm:no-such-package@7"\n1', '1']],
  'a local module may import by npm: specifiers, also later': [
    [
      'require("node:fs").writeFileSync("uses.ts", `import { count } from "./counted.ts"\nimport { late, text } from "./other.mjs"\nexport { count, late, text }\n`);\nrequire("node:fs").writeFileSync("counted.ts", `import type { X } from "npm:types-only"\nexport const count: number = ((globalThis as any).runs = ((globalThis as any).runs ?? 0) + 1)\n`);\nrequire("node:fs").writeFileSync("other.mjs", `import text from "npm:module-one@1"\nexport { text }\nexport const late = async () => (await import("npm:module-two")).two\n`)',
    ],
    [
      'import { count, late, text } from "./uses.ts"\n[count, text, await late()]',
      {
        result: "[ 1, 'one', 2 ]",
        stderr: /^Installing module-one@1 into .* …\n.*\nInstalling module-two into .* …\n.*\n$/,
      },
    ],
    ['import { text as same } from "./uses.ts"\nsame', "'one'"],
    [
      'require("node:fs").writeFileSync("unknown.ts", `import "npm:no-such-package"\n`);\nawait import("./unknown.ts")',
      { error: /^PackageError: Cannot install no-such-package in .*no such package/, stderr: /^Installing/ },
    ],
    [
      'require("node:fs").writeFileSync("web.ts", `import "https://esm.sh/x"\n`);\nawait import("./web.ts")',
      { error: /^PackageError: Cannot import https:.*web addresses/ },
    ],
    [
      'require("node:fs").writeFileSync("bare.ts", `export { default } from "module-one"\n`);\n(await import("./bare.ts")).default',
      "'one'",
    ],
  ],
  'an unknown package is an error that says so, and a later cell may import another': [
    [
      'import x from "npm:grete"',
      {
        error:
          /^PackageError: Cannot install grete in .*: there is no such package \(404 for http:.*grete\)\. Check the spelling\.$/,
        stderr: /^Installing grete into/,
        traceback: /import x from "npm:grete"/,
      },
    ],
    [
      '%npm install no-such-package',
      {
        error: /^UsageError: Cannot install no-such-package in .*there is no such package/,
        stdout: /^Installing/,
      },
    ],
    [
      'import "npm:greet@9"',
      { error: /there is no version greet@9\. `!npm view greet versions` lists/, stderr: /^Installing/ },
    ],
    ['import once from "npm:greet@1"\nonce', "'greet 1'"],
  ],
  'what is no package is refused without running npm': [
    ['import "npm:@nothing"', { error: /^PackageError: 'npm:@nothing' names no package\. Write npm:name/ }],
    ['import "jsr:@std/path@1"', { error: /jsr:.*not supported.*!npx jsr add @std\/path/ }],
    ['import "https://esm.sh/lodash"', { error: /web addresses.*npm:NAME/ }],
    ['await import("http://localhost/x.js")', { error: /web addresses/ }],
    [
      'import "not-installed/part"',
      { error: /^Error: Cannot find package 'not-installed' imported from .*%npm install not-installed$/ },
    ],
    [
      'require("npm:not-installed@1")',
      { error: /^PackageError: npm:not-installed@1 is not installed.*%npm install not-installed@1$/ },
    ],
    ['%npm', { error: /^UsageError: Usage: %npm install/ }],
    ['%npm instal x', { error: /Did you mean %npm install\?/ }],
    ['%npm install -g x', { error: /without -g: write !npm install -g x/ }],
  ],
};

describeCells('packages in a project', claims, { 'package.json': '{ "name": "project" }' }, () =>
  ownCache('a'),
);

describeCells('packages without a project', claims, { 'README.md': '' }, () => ownCache('b'));

/** What is installed where, and not what the types of it are. */
const environment = (): Record<string, string> => ({ ...registry.environment, TSLOOP_TYPECHECK: 'off' });

describe('the place of packages', () => {
  let folder: string;
  let kernel: TestKernel;
  const start = async (files: Record<string, string>, env: Record<string, string> = {}): Promise<void> => {
    folder = await realpath(await makeFolder(files));
    kernel = await TestKernel.start({ cwd: folder, env: { ...environment(), ...env } });
  };
  const errorOf = async (code: string): Promise<string> =>
    shownBy((await kernel.client.run(code)).published).errors.join();

  beforeEach(() => rm(registry.cache, { recursive: true, force: true }));
  afterEach(async () => {
    registry.isSilent = false;
    await kernel.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('is the project above the working directory, whose package.json names what was installed', async () => {
    await start({ 'package.json': '{}', 'notebooks/x.txt': '' });
    await kernel.client.run('process.chdir("notebooks")');
    assert.equal(await errorOf('import "npm:greet@1"'), '');
    assert.ok(existsSync(path.join(folder, 'node_modules', 'greet')));
    assert.match(await readFile(path.join(folder, 'package.json'), 'utf8'), /"greet": "\^1\.0\.0"/);
    assert.deepEqual(await readdir(path.join(folder, 'notebooks')), ['x.txt']);
  });

  it('is the cache without a package.json: the folder stays as it was', async () => {
    await start({ 'x.txt': '' });
    assert.equal(await errorOf('%npm install greet'), '');
    assert.deepEqual(await readdir(folder), ['x.txt']);
    assert.equal(await errorOf('import "greet"'), '');
  });

  it('is not touched when the package is there already', async () => {
    await start({
      'package.json': '{}',
      'node_modules/there/package.json': '{ "name": "there", "version": "4.2.0", "type": "module" }',
      'node_modules/there/index.js': 'export default 1',
    });
    const before_ = registry.requests.length;
    assert.equal(await errorOf('import x from "npm:there@^4"'), '');
    assert.equal(registry.requests.length, before_);
  });

  it('is unchanged after an installation that fails offline, which says what to do', async () => {
    await start({ 'package.json': '{ "name": "mine" }' }, { npm_config_registry: 'http://127.0.0.1:9/' });
    assert.match(
      await errorOf('import "npm:greet"'),
      /Cannot install greet in .*: http:\/\/127\.0\.0\.1:9\/greet cannot be reached \(ECONNREFUSED\)\. Check the connection/,
    );
    assert.equal(await readFile(path.join(folder, 'package.json'), 'utf8'), '{ "name": "mine" }');
    assert.deepEqual(
      (await readdir(folder)).filter((name) => name !== 'package.json'),
      [],
    );
  });

  it('is unchanged after an installation that was interrupted', async () => {
    await start({ 'package.json': '{ "name": "mine" }' });
    registry.isSilent = true;
    const asked = registry.requests.length;
    const run = kernel.client.run('await import("npm:dual")');
    while (registry.requests.length === asked) await new Promise((resolve) => setImmediate(resolve));
    await kernel.client.request('control', 'interrupt_request');
    assert.deepEqual(
      shownBy((await run).published).errors.map((error) => error.split(':')[0]),
      ['KeyboardInterrupt'],
    );
    registry.isSilent = false;
    assert.equal(await errorOf('import "npm:dual"'), '', 'the next installation is not held up');
  });

  it('takes one installation at a time, from whichever kernel', async () => {
    await start({ 'package.json': '{}' });
    const other = await TestKernel.start({ cwd: folder, env: environment() });
    try {
      const shown = await Promise.all([
        kernel.client.run('import a from "npm:greet@1"\na'),
        other.client.run('import b from "npm:@scope/cjs@1"\nb.answer'),
        ...['dual', 'dual'].map((name) => kernel.client.run(`(await import("npm:${name}")).format`)),
      ]);
      assert.deepEqual(
        shown.map(({ published: messages }) => shownBy(messages).result),
        ["'greet 1'", '42', "'esm'", "'esm'"],
      );
    } finally {
      await other.stop();
    }
  });
});
