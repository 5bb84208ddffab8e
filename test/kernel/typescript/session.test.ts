import assert from 'node:assert/strict';
import type { Document } from '../../../kernel/typescript/scope.ts';
import { nameOf, SessionUnderTest } from './fake-language-server.ts';

describe('the session of the language service', () => {
  let session: SessionUnderTest;
  beforeEach(() => (session = new SessionUnderTest()));
  afterEach(() => session.workspace.dispose());

  const textOf = (document: Document): string => session.server.text(nameOf(document.uri));
  /** The document that speaks for the value of a name. */
  const documentOf = (name: string): Document => {
    const document = session.scope.get(name)?.value?.document;
    if (!document) throw new Error(`${name} has no value`);
    return document;
  };
  /** What the document declares for other cells. */
  const passedOn = (document: Document): string[] => {
    const [, place, names = ''] =
      /^declare global \{ namespace __tsloop \{ namespace __tsloop_(\d+) \{ export \{ (.*) \}; \} \} \}$/m.exec(
        textOf(document),
      ) ?? [];
    assert.equal(Number(place), document.slot?.number);
    return names.split(', ').filter((name) => name !== '');
  };

  describe('with a cell', () => {
    it('opens its text as it is, connected with the cells that it mentions', () => {
      session.run('const a = 1, unused = 2');
      const cell = session.opened('const b = a; // 😀\r\n');
      assert.ok(textOf(cell).startsWith('const b = a; // 😀\r\n\n;'));
      assert.deepEqual(session.imports(cell), ['a_1 as a']);
    });

    it('wakes what it mentions, with what that mentions, before the service sees it', () => {
      session.workspace.dispose();
      session = new SessionUnderTest({ awake: 1, batch: 1, unused: 1 });
      const [a, b, c] = ['const a = 1', 'const b = a', 'const c = 1'].map((source) => session.run(source));
      session.prepare();
      const texts = [a, b, c].map((document) => document && textOf(document));
      assert.deepEqual(texts.slice(0, 2), ['export {};\n', 'export {};\n']);
      assert.match(texts[2] ?? '', /^const c = 1/);
      session.server.told.length = 0;
      const cell = session.opened('b');
      assert.match(textOf(a as Document), /^const a = 1/);
      assert.match(textOf(b as Document), /^const b = a/);
      assert.equal(session.server.told.at(-1), `open ${nameOf(cell.uri)}`);
    });

    it('opens none that is no TypeScript: the compiler says what is wrong', () => {
      session.server.told.length = 0;
      assert.equal(session.open('const = 1'), undefined);
      assert.deepEqual(session.server.told, []);
    });

    it('has nothing in scope of it before it has been run', () => {
      session.opened('const a = 1');
      assert.deepEqual(session.imports(session.opened('a')), []);
    });

    it('has nothing in scope of it when it is discarded, and gives its place to the next', () => {
      const refused = session.opened('const a = 1');
      session.discard(refused);
      const next = session.run('const b = a');
      assert.equal(next.uri, refused.uri);
      assert.deepEqual(session.imports(next), []);
    });

    it('uses one document for all that declare nothing', () => {
      const [one, two] = [session.opened('1 + 1'), session.opened('2 + 2')];
      session.discard(one);
      session.commit(two);
      assert.equal(one.uri, two.uri);
      assert.ok(textOf(two).startsWith('2 + 2\n;'));
    });

    it('takes JSX for what it is', () => {
      session.run('const v = <b/>');
      const name = nameOf(documentOf('v').uri);
      assert.match(name, /\.tsx$/);
      assert.equal(session.server.languages.get(name), 'typescriptreact');
      assert.deepEqual(passedOn(documentOf('v')), ['v']);
    });

    it('passes on what it declares, types and globals too', () => {
      const cell = session.run('const a = 1; type T = 1; globalThis.g = 1');
      assert.deepEqual(passedOn(cell), ['a', 'T', '__tsloop_global_g']);
    });

    it('declares nothing for others in a document that is used again and again', () => {
      assert.doesNotMatch(textOf(session.opened('1 + 1')), /declare global/);
      assert.doesNotMatch(textOf(session.draft('const a = 1')), /declare global/);
    });

    it('makes any of names that are only known at run time', () => {
      const cell = session.retype(session.opened('const a = live + 1'), new Set(['live']));
      assert.match(textOf(cell), /declare let live: any;/);
      assert.ok(textOf(cell).startsWith('const a = live + 1\n;'));
    });
  });

  describe('with functions whose names mean something else by now', () => {
    it('has those looked at anew that mention them, and those that mention these', () => {
      session.run('let rate = 1');
      session.run('function price() { return rate }');
      session.run('const total = () => price()');
      session.run('function other() { return 1 }');
      const before = ['price', 'total', 'other'].map((name) => documentOf(name));
      const rate = session.run('let rate = "1"');
      const [price, total, other] = ['price', 'total', 'other'].map((name) => documentOf(name));
      assert.notEqual(price, before[0]);
      assert.notEqual(total, before[1]);
      assert.equal(other, before[2]);
      assert.deepEqual(session.imports(documentOf('price')), [`rate_${rate.slot?.number} as let rate`]);
      assert.deepEqual(session.imports(documentOf('total')), [`price_${session.placeOf('price')} as price`]);
    });

    it('lets none of them see another as it was, in whatever order they were declared', () => {
      session.run('function high() { return 0 }');
      session.run('function base() { return 1 }');
      session.run('function low() { return base() }');
      session.run('function high() { return [base(), low()] }');
      session.run('function base() { return "one" }');
      const [base, low] = ['base', 'low'].map((name) => session.placeOf(name));
      assert.deepEqual(session.imports(documentOf('high')), [`base_${base} as base`, `low_${low} as low`]);
      assert.deepEqual(session.imports(documentOf('low')), [`base_${base} as base`]);
    });

    it('comes to an end where they call each other', () => {
      session.run('let n = 1');
      session.run(
        'function even(): boolean { return n ? odd() : true }\nfunction odd(): boolean { return n ? even() : false }',
      );
      const n = session.run('let n = 2n').slot?.number;
      for (const name of ['even', 'odd'])
        assert.ok(session.imports(documentOf(name)).includes(`n_${n} as let n`));
    });

    it('takes all overloads of one, and nothing else of its cell', () => {
      session.run('let n = 1');
      session.run(
        'const x = 1\nfunction f(a: 1): 1\nfunction f(a: 2): 2\nfunction f(a: any) { return n as any }\ninterface f {}\nlet y',
      );
      session.run('let n = 2');
      assert.equal(
        documentOf('f').source,
        'function f(a: 1): 1\nfunction f(a: 2): 2\nfunction f(a: any) { return n as any }',
      );
    });

    it('leaves a function alone that was not replaced, as the cell did not get there', () => {
      session.run('function f() { return rate }');
      session.run('let rate = 1');
      const before = documentOf('f');
      session.run('throw 0; let rate = 2', ['rate']);
      assert.equal(documentOf('f'), before);
    });

    it('keeps the types that a function was written with', () => {
      session.run('interface Row { a: 1 }\nlet rate = 1');
      session.run('function f(row: Row) { return rate }');
      session.run('interface Row { b: 1 }');
      const rate = session.run('let rate = 2').slot?.number;
      assert.deepEqual(session.imports(documentOf('f')), ['Row_1 as Row', `rate_${rate} as let rate`]);
    });
  });

  describe('with global declarations', () => {
    const one = 'declare global { var one: number }';
    const two = 'declare global { var two: number }';

    it('hides those that a new cell makes anew', () => {
      const old = session.run(`${one}\n${two}`);
      session.run('declare global { var one: string }');
      assert.ok(!textOf(old).includes('var one'));
      assert.ok(textOf(old).includes(two));
      assert.equal(textOf(old).indexOf(two), old.source.indexOf(two));
      session.run('declare global { var two: string }');
      assert.ok(!/var one|var two/.test(textOf(old)));
    });

    it('has them back when that cell is not run', () => {
      const old = session.run(one);
      session.discard(session.opened('declare global { var one: string }'));
      assert.ok(textOf(old).startsWith(`${one}\n;`));
      assert.deepEqual(
        [...session.server.documents.values()].filter((text) => text.includes('var one: string')),
        [],
      );
    });

    it('leaves the rest of their cell connected as it was', () => {
      session.run('const a = 1');
      const old = session.run(`${one}; const b = a`);
      session.run('const a = "1"');
      session.run('declare global { var one: string }');
      assert.deepEqual(session.imports(old), ['a_1 as a']);
    });
  });

  describe('that sweeps', () => {
    /** So many cells that declare a name of their own make one sweep certain. */
    const others = (): void => {
      for (let index = 0; index < 64; index++) session.run('const filler = 1');
    };

    it('lets go of what nothing needs any more', () => {
      const old = session.run('const a = 1');
      session.run('const a = 2');
      others();
      assert.ok(!textOf(old).includes('const a = 1'));
      assert.ok(textOf(old).startsWith('const filler = 1') || passedOn(old).length === 0, textOf(old));
    });

    it('gives its place to another cell', () => {
      const old = session.run('const a = 1');
      session.run('const a = 2');
      others();
      const uris = new Set([session.run('const b = 1').uri, session.run('const c = 1').uri]);
      for (let index = 0; index < 70; index++) uris.add(session.run(`const d${index} = 1`).uri);
      assert.ok(uris.has(old.uri));
      assert.equal(uris.size, 72);
    });

    it('keeps what a name, or a document that it imports, still needs', () => {
      const base = session.run('const base = 1');
      const user = session.run('const user = base');
      session.run('const base = 2');
      others();
      assert.ok(textOf(base).startsWith('const base = 1'));
      assert.ok(textOf(user).startsWith('const user = base'));
      assert.deepEqual(passedOn(base), ['base']);
    });

    it('keeps global declarations, and what they import', () => {
      const type = session.run('interface Config { port: number }');
      const global = session.run('declare global { var config: Config }');
      const module = session.run('declare module "node:fs" { interface Mine {} }');
      session.run('interface Config { host: string }');
      others();
      assert.ok(textOf(type).startsWith('interface Config'));
      assert.ok(textOf(global).startsWith('declare global'));
      assert.ok(textOf(module).startsWith('declare module'));
    });
  });

  describe('with a draft', () => {
    it('brings what it mentions, though it does not parse', () => {
      session.run('const a = { b: 1 }, unused = 2');
      assert.deepEqual(session.imports(session.draft('if (a.')), ['a_1 as a']);
    });

    it('brings nothing that it declares itself, though it does not parse', () => {
      session.run('const a = 1; class C {}; function f() {}');
      assert.deepEqual(session.imports(session.draft('const a = 2; class C {}\nfunction f() {}\na.')), []);
    });

    it('is one document, and no part of the scope', () => {
      const [one, two] = [session.draft('const a = 1'), session.draft('const a = ')];
      assert.equal(one.uri, two.uri);
      session.discard(two);
      session.commit(two);
      assert.equal(session.scope.get('a'), undefined);
    });

    it('is parted from what is added behind', () => {
      assert.match(textOf(session.draft('a.')), /^a\.\n;/);
    });
  });

  it('finds the names of all folders, wherever the session has been since', () => {
    session.run('const here = 1');
    session.workspace.folder = 'inner';
    const there = session.run('const there = here');
    assert.deepEqual(session.imports(there), ['here_1 as here']);
    session.workspace.folder = '';
    const back = session.run('const back = [here, there]');
    assert.deepEqual(session.imports(back), ['here_1 as here', `there_${there.slot?.number} as there`]);
  });

  it('finds the names of more cells than were expected', () => {
    for (let index = 0; index < 40; index++) session.run(`const n${index} = 1`);
    const last = session.run('const sum = n0 + n20 + n39');
    assert.equal(session.imports(last).length, 3);
  });
});
