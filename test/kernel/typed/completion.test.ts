/** Completion against a whole kernel: each claim is a cell with a cursor, and what is offered there. */
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { TestKernel } from '../../support/kernel-client.ts';

interface Offered {
  readonly text: string;
  readonly type: string;
  readonly signature: string;
  readonly start: number;
  readonly end: number;
}

interface Answer {
  readonly matches: readonly string[];
  readonly start: number;
  readonly end: number;
  readonly offered: readonly Offered[];
}

/** Stands for the cursor in the cells below. */
const CURSOR = '¦';

const cells = [
  `const user = { name: 'Ann', age: 3, greet(word: string) { return word; } };
let maybe: { deep: { er: number } } | undefined;
const users = [user];
type Options = { color: 'red' | 'green'; size?: number };
function paint(options: Options): Options { return options; }
function optional() { return user; }
class Shape { corners = 4; #hidden = 1; static made = 0; area() { return this.#hidden; } }
enum Color { Red, Green }
namespace Space { export const inner = 1; }
interface Plan { readonly title: string }`,
  `const parsed = JSON.parse('{"alpha": 1, "al pha": {"x": 1}, "list": [{"deep": 1}]}');
const counts: Record<string, number> = { one: 1, two: 2 };
const headers = { 'content-type': 1, 'x-y': 2 };
const größe = 3;`,
  `globalThis.assigned = 5;
(globalThis as any)['hid' + 'den'] = 6;
/** @deprecated */ function oldest() {}
function oldie() {}`,
  `declare global { namespace JSX { interface IntrinsicElements { box: { color?: 'red' | 'green'; wide?: boolean } } } }`,
];

describe('completion in a kernel', () => {
  let kernel: TestKernel;

  before(async () => {
    kernel = await TestKernel.start();
    await mkdir(path.join(kernel.folder, 'data', 'deeper'), { recursive: true });
    await writeFile(path.join(kernel.folder, 'util.ts'), 'export const helper = 1;\n');
    await writeFile(path.join(kernel.folder, 'notes.txt'), 'text\n');
    await writeFile(
      path.join(kernel.folder, 'package.json'),
      '{ "dependencies": { "zod": "4", "lodash-es": "4" }, "devDependencies": { "zx": "8" } }',
    );
    await writeFile(path.join(kernel.folder, 'data', 'my file.csv'), 'a,b\n');
    for (const code of cells) {
      const { reply } = await kernel.client.run(code);
      assert.equal(reply['status'], 'ok', `${String(reply['evalue'])} in ${code}`);
    }
  });
  after(() => kernel.stop());

  async function complete(marked: string): Promise<Answer> {
    const at = marked.indexOf(CURSOR);
    const code = marked.slice(0, at) + marked.slice(at + CURSOR.length);
    const { reply } = await kernel.client.request('shell', 'complete_request', {
      code,
      cursor_pos: Array.from(marked.slice(0, at)).length,
    });
    assert.equal(reply['status'], 'ok');
    const metadata = reply['metadata'] as { _jupyter_types_experimental: readonly Offered[] };
    const matches = reply['matches'] as string[];
    const offered = metadata._jupyter_types_experimental;
    assert.deepEqual(
      offered.map(({ text }) => text),
      matches,
    );
    assert.equal(new Set(matches).size, matches.length, `doubles in ${matches.join()}`);
    assert.deepEqual(
      matches.filter((match) => match.includes('__tsloop')),
      [],
    );
    return { matches, offered, start: Number(reply['cursor_start']), end: Number(reply['cursor_end']) };
  }

  /** The cell with its cursor → exactly what is offered, in order. */
  const exactly: Readonly<Record<string, readonly [cell: string, matches: readonly string[]]>> = {
    'members of a value': ['user.¦', ['age', 'greet', 'name']],
    'members that begin as typed': ['user.na¦', ['name']],
    'members where code follows on the next line': ['user.na¦\nconst next = 1;', ['name']],
    'members of an element': ['users[0].a¦', ['age']],
    'members of a result': ['optional().¦', ['age', 'greet', 'name']],
    'members of a new object, no private ones': ['new Shape().¦', ['area', 'corners']],
    'members of an awaited value': ['(await Promise.resolve(user)).n¦', ['name']],
    'members inside of an arrow function that is not finished': ['users.map(one => one.n¦', ['name']],
    'members of a parameter': ['function f(u: typeof user) { return u.a¦ }', ['age']],
    'members in a class, private ones': ['class A { #own = 1; f() { return this.#o¦ } }', ['#own']],
    'members after ?.': ['maybe?.¦', ['deep']],
    'a question mark with the dot, where the value may be undefined': ['maybe.¦', ['?.deep']],
    'members of an enum': ['Color.¦', ['Green', 'Red']],
    'members of a namespace': ['Space.¦', ['inner']],
    'members of a value of this very cell': ['const here = { one: 1, two: 2 };\nhere.¦', ['one', 'two']],
    'names of the session': ['use¦', ['user', 'users']],
    'locals of a function': ['function f(longParameter: number) { longP¦ }', ['longParameter']],
    'names in other letters than those of ASCII': ['grö¦', ['größe']],
    'names in other letter case where there are none in this': ['math¦', ['Math']],
    'names assigned to globalThis': ['assig¦', ['assigned']],
    'names that exist at run time only': ['hidd¦', ['hidden']],
    'globals of Node': ['setImm¦', ['setImmediate']],
    keywords: ['interf¦', ['interface']],
    'types where a type is meant': ['let plan: Pla¦', ['Plan']],
    'deprecated names behind the others': ['olde¦', ['oldest']],
    'deprecated names last': ['old¦', ['oldie', 'oldest']],
    'names in a template': ['`${use¦}`', ['user', 'users']],
    'names after an emoji': ['"😀😀"; use¦', ['user', 'users']],
    'names between lines that end in CRLF': ['const a = 1;\r\nuse¦\r\nconst b = 2;', ['user', 'users']],
    'members in text that ends its lines in CRLF': ['const a = 1;\r\nuser.¦\r\n', ['age', 'greet', 'name']],
    'names to destructure': ['const { na¦ } = user', ['name']],
    'keys of an object literal': ['paint({ ¦ })', ['color', 'size']],
    'keys that are left': ['paint({ color: "red", ¦', ['size']],
    'the words of a union': ['paint({ color: "¦" })', ['green', 'red']],
    'the words of a union, as typed': ['const o: Options = { color: "gr¦" }', ['green']],
    'keys in brackets': ['user["n¦"]', ['name']],
    'keys that are no names, after a dot': ['headers.¦', ['["content-type"]', '["x-y"]']],
    'attributes of JSX': ['const el = <box ¦ />', ['color', 'wide']],
    'attributes of JSX that is not finished': ['const el = <box wi¦', ['wide']],
    'tags of JSX': ['const el = <bo¦', ['box']],
    'what a module exports': ['import { readFileS¦ } from "node:fs"', ['readFileSync']],
    "members of a module's namespace": ['import * as fs from "node:fs"; fs.readFileS¦', ['readFileSync']],
    "Node's own modules": ['import fs from "node:fs/¦"', ['promises']],
    "Node's own modules, imported by a call": ['await import("node:worker_¦")', ['node:worker_threads']],
    'local modules with their extension': ['import { helper } from "./ut¦"', ['util.ts']],
    'folders on the way to a local module': ['await import("./da¦', ['data/']],
    'what a local module exports': ['import { hel¦ } from "./util.ts"', ['helper']],
    'keys of parsed JSON': ['parsed.al¦', ['alpha']],
    'keys of parsed JSON in brackets, whatever they are': ['parsed["al¦"]', ['alpha', 'al pha']],
    'keys inside of parsed JSON': ['parsed.list[0].de¦', ['deep']],
    'keys of a record': ['counts.t¦', ['two', 'toString', 'toLocaleString']],
    'keys of a record in brackets': ['counts["¦"]', ['one', 'two']],
    'line magics': ['%ti¦', ['time']],
    'cell magics': ['%%wri¦', ['writefile']],
    'all that can be said to %typecheck': ['%typecheck ¦', ['on', 'warn', 'off']],
    'what %npm can do': ['%npm ¦', ['install', 'uninstall', 'ls']],
    'the packages of the project for %npm uninstall': ['%npm uninstall ¦', ['zod', 'lodash-es', 'zx']],
    'those that have not been named yet': ['%npm rm zod z¦', ['zx']],
    'folders for %cd': ['%cd ¦', ['data/']],
    'files for %load': ['%load no¦', ['notes.txt']],
    'files with spaces for %load': ['%load data/my¦', ['my file.csv']],
    'files for %%writefile': ['%%writefile uti¦\ntext', ['util.ts']],
    'TypeScript in %time': ['%time use¦', ['user', 'users']],
    'TypeScript in %%time': ['%%time\nuser.n¦', ['name']],
    'TypeScript in %%typecheck': ['%%typecheck warn\nuser.n¦', ['name']],
    'TypeScript between magics and commands': ['%pwd\nuser.n¦\n!ls', ['name']],
    'TypeScript in the braces of a command': ['!echo {user.n¦}', ['name']],
    'files for commands': ['!cat no¦', ['notes.txt']],
    'files with spaces for commands': [
      '!cat data/my¦',
      [process.platform === 'win32' ? '"my file.csv"' : 'my\\ file.csv'],
    ],
    'files in the quotes of commands': ['!cat "data/my f¦', ['my file.csv']],
    'files in the middle of a cell': ['user;\n!cat no¦\nuser;', ['notes.txt']],
    'files in a string': ['fetch("./no¦")', ['notes.txt']],
    'nothing in a comment': ['// use¦', []],
    'nothing in a string': ['"use¦"', []],
    'nothing in a number': ['1¦', []],
    'nothing of its own': ['__tsl¦', []],
    'no import from a package that nobody imported': ['readFileS¦', []],
    'no magic below its first line': ['user;\n%%wri¦', []],
  };

  for (const [claim, [cell, expected]] of Object.entries(exactly))
    it(`offers ${claim}`, async () => assert.deepEqual((await complete(cell)).matches, expected));

  it('offers names of the session before globals, and globals before nothing', async () => {
    const { matches } = await complete('¦');
    const places = ['user', 'paint', 'setTimeout', 'Array'].map((name) => matches.indexOf(name));
    assert.ok(!places.includes(-1), matches.join());
    assert.ok(Math.max(...places.slice(0, 2)) < Math.min(...places.slice(2)), String(places));
  });

  it('counts the cursor in code points', async () => {
    const { start, end } = await complete('"😀😀"; use¦');
    assert.deepEqual([start, end], [6, 9]);
    const crlf = await complete('"😀";\r\nuser.na¦');
    assert.deepEqual([crlf.start, crlf.end], [11, 13]);
  });

  it('replaces the dot where it becomes a question mark and a dot', async () => {
    const { start, end } = await complete('maybe.de¦');
    assert.deepEqual([start, end], [5, 8]);
  });

  // The best candidate always has its signature, others where there is time.
  it('says the kinds and signatures that clients show', async () => {
    const kindOf = async (cell: string, text: string): Promise<string> => {
      const found = (await complete(cell)).offered.find((each) => each.text === text);
      assert.ok(found, `${text} in ${cell}`);
      return `${found.type} ${found.signature}`.trim();
    };
    assert.equal(await kindOf('user.gr¦', 'greet'), 'function (word: string): string');
    assert.equal(await kindOf('user.ag¦', 'age'), 'property number');
    assert.equal(await kindOf('pain¦', 'paint'), 'function (options: Options): Options');
    assert.equal(await kindOf('Shap¦', 'Shape'), 'class');
    assert.equal(await kindOf('Plan¦', 'Plan').catch(() => 'absent'), 'absent');
    assert.equal(await kindOf('let a: Plan¦', 'Plan'), 'class');
    assert.equal(await kindOf('Spac¦', 'Space'), 'module');
    assert.equal(await kindOf('"a".at¦', 'at'), 'function (index: number): string | undefined');
    assert.match(await kindOf('[1].filt¦', 'filter'), /^function <S.*\(\+1 overload\)$/);
    assert.equal(
      await kindOf('const own = await import("tsloop/comms")\now¦', 'own'),
      'instance typeof import("tsloop/comms")',
    );
    assert.equal(await kindOf('interf¦', 'interface'), 'keyword');
    assert.equal(await kindOf('import fs from "node:f¦"', 'node:fs'), 'module');
    assert.equal(await kindOf('!cat no¦', 'notes.txt'), 'path');
    assert.equal(await kindOf('%pw¦', 'pwd'), 'magic The current folder, as a string.');
    assert.equal(await kindOf('parsed.al¦', 'alpha'), 'property');
  });

  it('offers commands, after others as well', async () => {
    for (const cell of ['!nod¦', '!true && nod¦', '!NAME=1 nod¦', '%%bash\necho hi | nod¦'])
      assert.ok((await complete(cell)).matches.includes('node'), cell);
    assert.ok((await complete('!tsl¦')).matches.includes('tsloop'));
  });

  it('offers environment variables', async () => {
    await kernel.client.run('%env TSLOOP_TEST_ONLY=1');
    for (const cell of ['%env TSLOOP_TEST_O¦', '!echo $TSLOOP_TEST_O¦'])
      assert.deepEqual((await complete(cell)).matches, ['TSLOOP_TEST_ONLY'], cell);
  });

  it('offers names whose number is beyond what the service is asked about', async () => {
    const many = Array.from({ length: 100 }, (_, index) => `const many${index} = ${index};`);
    await kernel.client.run(many.join(' '));
    const { matches, offered } = await complete('many¦');
    assert.equal(matches.length, 100);
    assert.deepEqual([...new Set(offered.map(({ type }) => type))], ['instance']);
    assert.ok((await complete('¦')).matches.includes('many0'));
    assert.deepEqual((await complete('user.many¦')).matches, []);
  });

  it('answers while a cell runs a busy loop, TypeScript and live values', async () => {
    const id = kernel.client.submit('console.log("on"); for (;;);');
    await kernel.client.printed(id, 'on');
    assert.deepEqual((await complete('user.na¦')).matches, ['name']);
    assert.deepEqual((await complete('parsed.al¦')).matches, ['alpha']);
    await kernel.client.request('control', 'interrupt_request');
    assert.equal((await kernel.client.answer(id)).reply['status'], 'error');
  });
});

describe('completion without the language service', () => {
  it('answers from the live session', async () => {
    const env = { ...process.env, TSLOOP_TYPESCRIPT: path.join('no', 'such', 'program') };
    const kernel = await TestKernel.start({ env });
    try {
      await kernel.client.run('const user = { name: "Ann", age: 3 }; const apple = 1;');
      const matches = async (code: string): Promise<unknown> =>
        (await kernel.client.request('shell', 'complete_request', { code, cursor_pos: code.length })).reply[
          'matches'
        ];
      assert.deepEqual(await matches('user.na'), ['name']);
      assert.deepEqual(await matches('appl'), ['apple']);
      assert.deepEqual(await matches('interf'), ['interface']);
      assert.deepEqual(await matches('import fs from "node:wor'), ['node:worker_threads']);
      assert.deepEqual(await matches('// use'), []);
    } finally {
      await kernel.stop();
    }
  });
});
