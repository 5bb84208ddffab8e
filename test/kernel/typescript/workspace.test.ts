/** What cells see of the folder that they are in: small projects on disk, and the real server. */
import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Workspace } from '../../../kernel/typescript/workspace.ts';
import { ServerUnderTest } from './server-under-test.ts';

describe('the workspace', () => {
  let home: string;
  let workspace: Workspace;
  let server: ServerUnderTest;
  let notices: string[];
  let cells: number;

  beforeEach(() => {
    home = realpathSync.native(mkdtempSync(path.join(tmpdir(), 'tsloop-project-')));
    notices = [];
    cells = 0;
  });

  afterEach(async () => {
    await server.dispose();
    workspace.dispose();
    rmSync(home, { recursive: true });
  });

  const folder = (name: string): string => path.join(home, name);

  /** Writes files: names within `home`, and their text, or what becomes their JSON. */
  const write = (files: Record<string, string | object>): void => {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(path.dirname(folder(name)), { recursive: true });
      writeFileSync(folder(name), typeof content === 'string' ? content : JSON.stringify(content));
    }
  };

  /** A package whose declarations are this text. */
  const install = (where: string, name: string, declarations: string): void =>
    write({
      [`${where}/node_modules/${name}/package.json`]: { name, version: '1.0.0', types: './index.d.ts' },
      [`${where}/node_modules/${name}/index.d.ts`]: declarations,
    });

  const open = (cwd = '.'): void => {
    mkdirSync(folder(cwd), { recursive: true });
    workspace = Workspace.create(folder(cwd), { onNotice: (text) => notices.push(text) });
    server = new ServerUnderTest({ root: workspace.root });
    server.start();
  };

  /** The errors of a new cell. */
  const check = async (code: string, extension = 'ts'): Promise<string[]> => {
    workspace.refresh(server, code);
    return server.check(workspace.uriOf(`cell-${++cells}.${extension}`), `${code}\nexport {};`);
  };

  const mismatch = (from: string, to: string): string =>
    `2322: Type '${from}' is not assignable to type '${to}'.`;

  describe('in an empty folder', () => {
    beforeEach(() => open());

    it('types console, process, fetch, URL, timers and the modules of Node', async () => {
      const code = `
        import { readFile } from 'node:fs/promises';
        console.log(process.pid, new URL('x:y').href, setTimeout(() => 1, 1), require('node:os'), Buffer.from(''));
        const length: number = (await (await fetch('')).text()).length + (await readFile('x')).byteLength;`;
      assert.deepEqual(await check(code), []);
      assert.deepEqual(await check('const pid: string = process.pid'), [mismatch('number', 'string')]);
    });

    it('types what the kernel adds', async () => {
      const code = `
        display({ 'text/plain': '' }, { raw: true, displayId: 'a' });
        clearOutput({ wait: true });
        const text: string = (await $\`ls\`).stdout;`;
      assert.deepEqual(await check(code), []);
      assert.equal((await check('display(1, { nonsense: 1 })')).length, 1);
      assert.deepEqual(await check('const text: number = (await $`ls`).stdout'), [
        mismatch('string', 'number'),
      ]);
    });

    it('types the scheduler under the name tsloop', async () => {
      assert.deepEqual(
        await check("import { getEventLoop } from 'tsloop'; getEventLoop().time().toFixed()"),
        [],
      );
      assert.deepEqual(
        await check("import { getEventLoop } from 'tsloop'; const x: number = getEventLoop()"),
        [mismatch('EventLoop', 'number')],
      );
    });

    it('types modules of the kernel without a default export, which they do not have', async () => {
      for (const name of ['tsloop', 'tsloop/comms', 'tsloop/testing', 'tsloop/widgets']) {
        const [problem, ...others] = await check(`(await import('${name}')).default`);
        assert.match(String(problem), /Property 'default' does not exist on type/);
        assert.equal(others.length, 0);
      }
    });

    it('types import.meta', async () => {
      const code = 'const { url, dirname, filename } = import.meta; `${import.meta.resolve("x")}`;';
      assert.deepEqual(await check(`${code} const texts: string[] = [url, dirname, filename]`), []);
      assert.deepEqual(await check('const url: number = import.meta.url'), [mismatch('string', 'number')]);
    });

    it('is strict, knows the newest library, and no browser', async () => {
      assert.deepEqual(await check('function f(x) {}'), [
        "7006: Parameter 'x' implicitly has an 'any' type.",
      ]);
      assert.deepEqual(await check('[1].values().map(String).toArray(); Promise.withResolvers()'), []);
      assert.match((await check('document.body')).join(), /^2584: Cannot find name 'document'/);
    });

    it('takes all that cells may be written in', async () => {
      const code = `
        enum Colour { red }
        namespace Space { export const one = 1; }
        class Point { constructor(private readonly x: number) { void this.x; } }
        import assert = require('node:assert');
        const unused = await Promise.resolve(1);
        import type { Stats } from 'node:fs';
        import { Dirent } from 'node:fs';
        label: for (;;) { break label; }
        function late() { return 1; console.log('never'); }`;
      assert.deepEqual(await check(code), []);
    });

    it('does not ask for JSX where there is none', async () => {
      assert.deepEqual(await check('const same = <T,>(x: T) => x; same(1)', 'tsx'), []);
    });

    it('writes nothing there', async () => {
      await check('1');
      assert.deepEqual(readdirSync(home), []);
    });

    it('finds a package that is installed later, and the next one, and a new version of it', async () => {
      const code = 'import { name } from "foo"; const wrong: 1 = name;';
      assert.match((await check(code)).join(), /^2307: Cannot find module 'foo'/);
      const same = workspace.uriOf('cell-1.ts');
      install('.', 'foo', 'export declare const name: "one";');
      assert.deepEqual(await check(code), [mismatch('"one"', '1')]);
      assert.deepEqual(await server.errors(same), [mismatch('"one"', '1')]);

      install('.', 'bar', 'export declare const name: "bar";');
      assert.deepEqual(await check(code.replace('foo', 'bar')), [mismatch('"bar"', '1')]);

      install('.', 'foo', 'export declare const name: "two";');
      write({ 'node_modules/.package-lock.json': { changed: true } }); // As npm does at the end.
      assert.deepEqual(await check(code), [mismatch('"two"', '1')]);
      assert.deepEqual(server.notices, []);
    });

    it('starts no new server when nothing was installed', async () => {
      await check('1');
      const { pid } = server;
      await check('2');
      assert.equal(server.pid, pid);
    });
  });

  describe('beside other files', () => {
    it('finds them as from the working directory, with and without extension', async () => {
      write({
        'proj/util.ts': 'import { deep } from "./lib/deep.ts"; export const value = deep;',
        'proj/lib/deep.ts': 'export const deep = "deep" as const;',
        'proj/lib/index.ts': 'export const index = "index" as const;',
        'proj/view.tsx': 'export const view = "view" as const;',
        'proj/old.js': 'export const old = "old";',
        'proj/data.json': { key: [1] },
        'other/up.ts': 'export const up = "up" as const;',
      });
      open('proj');
      const code = `
        import { value } from './util.ts'; import { value as again } from './util'; import { value as js } from './util.js';
        import { index } from './lib'; import { view } from './view'; import { old } from './old.js';
        import data from './data.json'; import { up } from '../other/up';
        const right: ['deep', 'deep', 'deep', 'index', 'view', string, number[], 'up'] =
          [value, again, js, index, view, old, data.key, up];`;
      assert.deepEqual(await check(code), []);
      assert.deepEqual(await check("import { up } from '../other/up'; const wrong: 1 = up"), [
        mismatch('"up"', '1'),
      ]);
      assert.match((await check("import './nowhere.ts'")).join(), /^(2307|2882): /);
    });

    it('takes them as they are at the time of the check, those that they import too', async () => {
      write({
        'util.ts': 'export { deep } from "./lib/deep.js";',
        'lib/deep.ts': 'export const deep = 1;',
        'data.json': { key: 1 },
      });
      open();
      const { pid } = server;
      const code = `
        import { deep } from "./util"; const wrong: boolean = deep;
        import data from "./data.json"; const also: boolean = data.key;`;
      assert.deepEqual(await check(code), [mismatch('number', 'boolean'), mismatch('number', 'boolean')]);

      write({ 'lib/deep.ts': 'export const deep = "text" as string;', 'data.json': { key: 'longer' } });
      assert.deepEqual(await check(code), [mismatch('string', 'boolean'), mismatch('string', 'boolean')]);
      assert.deepEqual(await check('import { deep } from "./util"; const wrong: boolean = deep;'), [
        mismatch('string', 'boolean'),
      ]);

      // A file that is imported since an edit is known as well.
      write({ 'lib/more.ts': 'export const deep = [1];', 'lib/deep.ts': 'export { deep } from "./more";' });
      assert.deepEqual((await check(code))[0], mismatch('number[]', 'boolean'));
      write({ 'lib/more.ts': 'export const deep = ["a"];' });
      assert.deepEqual((await check(code))[0], mismatch('string[]', 'boolean'));
      assert.equal(server.pid, pid);
    });

    it('notices when one of them goes, and when it comes back', async () => {
      write({ 'util.ts': 'export const value = 1;' });
      open();
      const code = 'import { value } from "./util.ts"; const wrong: boolean = value;';
      assert.deepEqual(await check(code), [mismatch('number', 'boolean')]);
      rmSync(folder('util.ts'));
      assert.match((await check(code)).join(), /^2307: /);
      write({ 'util.ts': 'export const value = "text" as string;' });
      assert.deepEqual(await check(code), [mismatch('string', 'boolean')]);
    });

    it('offers them when a path is completed', async () => {
      write({ 'proj/util.ts': 'export {}', 'proj/lib/a.ts': 'export {}', 'other/b.ts': 'export {}' });
      open('proj');
      const complete = async (specifier: string): Promise<string[]> => {
        const uri = workspace.uriOf(`cell-${++cells}.ts`);
        server.open(uri, 'typescript', `import '${specifier}'`);
        const position = { line: 0, character: 8 + specifier.length };
        const list = await server.request<{ items: Array<{ label: string }> }>('textDocument/completion', {
          textDocument: { uri },
          position,
        });
        return list.items.map(({ label }) => label);
      };
      const here = await complete('./');
      assert.ok(here.includes('util') && here.includes('lib'), String(here));
      assert.deepEqual(await complete('./lib/'), ['a']);
      assert.ok((await complete('../other/')).includes('b'));
    });

    it('goes with %cd, and keeps what was declared before', async () => {
      write({ 'one/here.ts': 'export const here = 1;', 'two/here.ts': 'export const here = "two";' });
      open('one');
      const code = 'import { here } from "./here"; const wrong: boolean = here; export { here };';
      assert.deepEqual(await check(code), [mismatch('number', 'boolean')]);
      const old = workspace.pathOf('cell-1');
      workspace.chdir(folder('two'));
      assert.deepEqual(await check(code), [mismatch('string', 'boolean')]);
      const back = path.relative(path.dirname(workspace.pathOf('x')), old).replaceAll('\\', '/');
      assert.deepEqual(await check(`import { here } from "${back}"; const wrong: boolean = here;`), [
        mismatch('number', 'boolean'),
      ]);
    });
  });

  describe('in a folder whose name begins with a dot', () => {
    const code = `import * as fs from 'node:fs'; const wrong: number = fs.existsSync('/');`;

    it('types the modules of Node, further down too', async () => {
      open('.notes/drafts');
      assert.deepEqual(await check(code), [mismatch('boolean', 'number')]);
    });

    it('has the tsconfig.json of a folder above', async () => {
      write({ 'tsconfig.json': { compilerOptions: { strict: false } } });
      open('.notes');
      assert.deepEqual(await check(code), [mismatch('boolean', 'number')]);
      assert.deepEqual(await check('const nothing: string = null;'), []);
    });

    it('does so when %cd goes there, and from there to another', async () => {
      open('.');
      assert.deepEqual(await check(code), [mismatch('boolean', 'number')]);
      workspace.chdir(folder('.notes'));
      assert.deepEqual(await check(`${code} export { fs };`), [mismatch('boolean', 'number')]);
      const old = workspace.pathOf('cell-2');
      mkdirSync(folder('.other'));
      workspace.chdir(folder('.other'));
      const back = path.relative(path.dirname(workspace.pathOf('x')), old).replaceAll('\\', '/');
      assert.deepEqual(
        await check(`import { fs } from "${back}"; const wrong: number = fs.existsSync('/');`),
        [mismatch('boolean', 'number')],
      );
    });
  });

  describe('with packages', () => {
    it('finds them in every node_modules on the way up, the nearest first', async () => {
      install('.', 'foo', 'export declare const name: "outer";');
      install('.', 'bar', 'export declare const name: "bar";');
      install('packages/app', 'foo', 'export declare const name: "inner";');
      open('packages/app/notebooks');
      assert.deepEqual(
        await check(
          'import { name } from "foo"; import { name as bar } from "bar"; const x: 1 = name, y: 2 = bar',
        ),
        [mismatch('"inner"', '1'), mismatch('"bar"', '2')],
      );
    });

    it('finds the types of a package in @types', async () => {
      write({
        'node_modules/foo/package.json': { name: 'foo', main: './index.js' },
        'node_modules/foo/index.js': '',
      });
      install('.', '@types/foo', 'export declare const name: "foo";');
      open();
      assert.deepEqual(await check('import { name } from "foo"; const wrong: 1 = name'), [
        mismatch('"foo"', '1'),
      ]);
    });

    it("takes the user's types of Node instead of its own, not both", async () => {
      install(
        '.',
        '@types/node',
        `interface ImportMeta { url: string }
         declare const process: { mine: true }; declare const console: { log(...args: unknown[]): void };
         declare module 'node:mine' { export const mine: 'mine'; }`,
      );
      open();
      assert.deepEqual(
        await check('import { mine } from "node:mine"; const x: 1 = mine, y: 2 = process.mine'),
        [mismatch('"mine"', '1'), mismatch('true', '2')],
      );
      assert.match((await check('process.pid')).join(), /^2339: Property 'pid' does not exist/);
    });

    it('takes types of Node that are installed during the session', async () => {
      open();
      assert.deepEqual(await check('process.pid'), []);
      install('.', '@types/node', 'declare const process: { mine: true };');
      assert.deepEqual(await check('const wrong: 1 = process.mine'), [mismatch('true', '1')]);
    });

    it('takes the branch of a package that is meant for Node', async () => {
      write({
        'node_modules/foo/package.json': {
          name: 'foo',
          exports: { node: { types: './node.d.ts' }, default: { types: './browser.d.ts' } },
        },
        'node_modules/foo/node.d.ts': 'export declare const where: "node";',
        'node_modules/foo/browser.d.ts': 'export declare const where: "browser";',
      });
      open();
      assert.deepEqual(await check('import { where } from "foo"; const wrong: 1 = where'), [
        mismatch('"node"', '1'),
      ]);
    });

    it('types JSX by those of React', async () => {
      install(
        '.',
        'react',
        `declare const React: { createElement(...args: unknown[]): { element: true } };
         declare namespace React {
           namespace JSX {
             interface Element { element: true }
             interface IntrinsicElements { div: { id?: string } }
           }
         }
         export = React;`,
      );
      open();
      const jsx = (code: string): Promise<string[]> =>
        check(`import * as React from "react"; ${code}`, 'tsx');
      assert.deepEqual(await jsx('const view = <div id="a" />; view.element'), []);
      assert.deepEqual(await jsx('<div id={1} />'), [mismatch('number', 'string')]);
    });
  });

  describe('with a tsconfig.json', () => {
    it('is as strict as that says', async () => {
      write({ 'tsconfig.json': { compilerOptions: { strict: false, noUncheckedIndexedAccess: true } } });
      open('notebooks');
      assert.deepEqual(await check('function f(x) {}; const n: number = null'), []);
      write({ 'tsconfig.json': { compilerOptions: { strict: true, noUncheckedIndexedAccess: true } } });
      assert.deepEqual(await check('const n: number = [1][0]'), [
        "2322: Type 'number | undefined' is not assignable to type 'number'.\n  Type 'undefined' is not assignable to type 'number'.",
      ]);
    });

    it('has its lib, and the library of its target', async () => {
      write({ 'tsconfig.json': { compilerOptions: { lib: ['es2020', 'dom'] } } });
      open();
      assert.deepEqual(await check('document.body.append(""); console.log(process.pid); await 1'), []);
      assert.match(
        (await check('[1].at(0); Object.groupBy([1], String)')).join(),
        /2550: Property 'groupBy'/,
      );
      write({ 'tsconfig.json': { compilerOptions: { target: 'es2020' } } });
      assert.deepEqual(await check('document.body.append(""); await 1; class A { #x = 1; y = this.#x }'), []);
      assert.match((await check('Object.groupBy([1], String)')).join(), /2550: Property 'groupBy'/);
    });

    it('has its paths, relative to the file that has them, and its baseUrl, and tsloop all the same', async () => {
      write({
        'config/base.json':
          '{ // With a comment\n "compilerOptions": { "paths": { "@/*": ["../src/*"] }, }, }',
        'app/tsconfig.json': { extends: '../config/base.json' },
        'src/a.ts': 'export const a = "a" as const;',
        'old/tsconfig.json': { compilerOptions: { baseUrl: './code' } },
        'old/code/b/c.ts': 'export const c = "c" as const;',
      });
      open('app/notebooks');
      assert.deepEqual(await check('import { a } from "@/a"; const wrong: 1 = a; import "tsloop"'), [
        mismatch('"a"', '1'),
      ]);
      write({ 'src/a.ts': 'export const a = "edited" as const;' });
      assert.deepEqual(await check('import { a } from "@/a"; const wrong: 1 = a'), [
        mismatch('"edited"', '1'),
      ]);
      workspace.chdir(folder('old'));
      assert.deepEqual(await check('import { c } from "b/c"; const wrong: 1 = c; import "tsloop"'), [
        mismatch('"c"', '1'),
      ]);
    });

    it('has its types besides those of Node', async () => {
      install('.', '@types/foo', 'declare const foo: "foo";');
      install('.', 'bar', 'declare const bar: "bar";');
      write({ 'tsconfig.json': { compilerOptions: { types: ['foo', 'bar', 'node'] } } });
      open('notebooks');
      assert.deepEqual(await check('const x: 1 = foo, y: 2 = bar; console.log(process.pid)'), [
        mismatch('"foo"', '1'),
        mismatch('"bar"', '2'),
      ]);
    });

    it('has its JSX', async () => {
      write({ 'tsconfig.json': { compilerOptions: { jsx: 'react-jsx', jsxImportSource: 'mini' } } });
      write({
        'node_modules/mini/package.json': {
          name: 'mini',
          exports: { './jsx-runtime': { types: './jsx.d.ts' } },
        },
        'node_modules/mini/jsx.d.ts':
          'export namespace JSX { interface IntrinsicElements { p: { n?: number } } }',
      });
      open();
      assert.deepEqual(await check('<p n={1} />', 'tsx'), []);
      assert.deepEqual(await check('<p n="" />', 'tsx'), [mismatch('string', 'number')]);
    });

    it('is free of what only building needs', async () => {
      write({
        'tsconfig.json': {
          compilerOptions: {
            composite: true,
            incremental: true,
            declaration: true,
            emitDeclarationOnly: true,
            rootDir: 'src',
            outDir: 'out',
            tsBuildInfoFile: 'x',
            noUnusedLocals: true,
            noUnusedParameters: true,
            allowUnreachableCode: false,
            allowUnusedLabels: false,
            verbatimModuleSyntax: true,
            isolatedModules: true,
            isolatedDeclarations: true,
            module: 'commonjs',
            target: 'es2015',
            moduleResolution: 'node16',
            rewriteRelativeImportExtensions: true,
            noEmitOnError: true,
          },
          include: ['src'],
          exclude: ['**/*'],
          files: ['nowhere.ts'],
          references: [{ path: './nowhere' }],
        },
        'util.ts': 'export interface Shape { a: number } export const value = 1;',
      });
      open();
      const code = `
        import { Shape, value } from './util.ts';
        import assert = require('node:assert');
        export const made = await (async () => ({ value }))();
        function f(unused: number) { return 1; console.log('never'); }
        unused: for (;;) break;`;
      assert.deepEqual(await check(code), []);
      assert.deepEqual(notices, []);
      assert.deepEqual(readdirSync(home).sort(), ['tsconfig.json', 'util.ts']);
    });

    it('is that of a package when it extends one', async () => {
      write({
        'node_modules/@conf/loose/package.json': { name: '@conf/loose', version: '1.0.0' },
        'node_modules/@conf/loose/tsconfig.json': { compilerOptions: { strict: false } },
        'tsconfig.json': { extends: '@conf/loose/tsconfig.json' },
      });
      open();
      assert.deepEqual(await check('function f(x) {}'), []);
      assert.deepEqual(notices, []);
    });

    it('is seen when it is made, edited, or extended by another during the session, and when it goes', async () => {
      open('notebooks');
      const loose = 'function f(x) {}';
      assert.equal((await check(loose)).length, 1);
      write({ 'tsconfig.json': { compilerOptions: { strict: false } } });
      assert.deepEqual(await check(loose), []);
      write({ 'tsconfig.json': { extends: './base.json' } });
      assert.equal((await check(loose)).length, 1);
      assert.equal(notices.length, 1);
      write({ 'base.json': { compilerOptions: { strict: false } } });
      assert.deepEqual(await check(loose), []);
      rmSync(folder('tsconfig.json'));
      assert.equal((await check(loose)).length, 1);
      write({ 'notebooks/tsconfig.json': { compilerOptions: { strict: false } } });
      assert.deepEqual(await check(loose), []);
      rmSync(folder('notebooks/tsconfig.json'));
      assert.equal((await check(loose)).length, 1);
    });

    it('is left out when it is broken, with one notice that says where, until it is repaired', async () => {
      write({ 'tsconfig.json': '{\n "compilerOptions": {\n "strict": fals\n}}' });
      open();
      assert.equal((await check('function f(x) {}')).length, 1);
      await check('1');
      const file = folder('tsconfig.json');
      assert.equal(notices.length, 1);
      assert.ok(notices[0]?.startsWith(`${file} is no JSON (line 3: `), notices[0]);
      assert.match(notices[0] ?? '', /default options until that is repaired\.$/);
      write({ 'tsconfig.json': { compilerOptions: { strict: false } } });
      assert.deepEqual(await check('function f(x) {}'), []);
      assert.equal(notices.length, 1);
    });

    it('says so once when what it extends is not there', async () => {
      write({ 'tsconfig.json': { extends: '@conf/none', compilerOptions: { strict: false } } });
      open();
      assert.deepEqual(await check('function f(x) {}'), []);
      await check('1');
      assert.equal(notices.length, 1);
      assert.match(notices[0] ?? '', /tsconfig\.json extends "@conf\/none", which cannot be found\./);
    });
  });

  it('leaves nothing behind, and nothing missing of what it linked to', async () => {
    install('.', 'foo', '');
    open();
    await check('1');
    workspace.dispose();
    assert.ok(!existsSync(workspace.root));
    assert.ok(existsSync(folder('node_modules/foo/package.json')));
  });
});
