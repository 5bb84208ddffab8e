/** What a script tells the session while it runs: how far it got, by the names that it has declared. */
import assert from 'node:assert/strict';
import { HOST } from '../../../kernel/bridge.ts';
import { type Result, Session } from '../../../kernel/runtime/session.ts';

const source = (code: string): Parameters<Session['run']>[0] => ({
  code,
  shown: code,
  label: 'In [1]',
  lineOffset: 0,
});

describe('a cell tells the session what it has declared', () => {
  let session: Session;
  let before: PropertyDescriptor | undefined;

  beforeEach(() => {
    session = new Session();
    before = Object.getOwnPropertyDescriptor(globalThis, HOST);
    Object.defineProperty(globalThis, HOST, {
      configurable: true,
      value: {
        result: session.takeResult,
        reached: session.takeStep,
        import: (specifier: string) => import(specifier),
        enterLoop: () => {},
        leaveLoop: () => {},
      },
    });
  });

  afterEach(() => {
    session.reset();
    if (before) Object.defineProperty(globalThis, HOST, before);
    else Reflect.deleteProperty(globalThis, HOST);
  });

  /** Runs a cell; the names that it got to, and how it ended. */
  async function run(code: string): Promise<{ declared: string[]; status: Result['status'] }> {
    const { status } = await new Promise<Result>((done) => session.run(source(code), done));
    return { declared: session.takeDeclared().sort(), status };
  }

  it('all of it, when it ran to its end', async () => {
    const code =
      'import { sep as s1 } from "node:path"\nconst s2 = 1, { s3 } = { s3: 1 }\nlet s4; var s5 = 1; function s6() {} class S7 {} enum S8 { A } namespace S9 { export const x = 1 }\nfor (var s10 of [1]) ;';
    const { declared, status } = await run(code);
    assert.equal(status, 'ok');
    assert.deepEqual(declared, ['S7', 'S8', 'S9', 's1', 's10', 's2', 's3', 's4', 's5', 's6']);
  });

  it('nothing, when it declares nothing', async () => {
    assert.deepEqual(await run('1 + 1'), { declared: [], status: 'ok' });
  });

  it('nothing of types', async () => {
    const code = 'type T1 = 1; interface T2 {} declare const t3: 1; import type { X } from "x"; const t4 = 1';
    assert.deepEqual(await run(code), { declared: ['t4'], status: 'ok' });
  });

  it('each name once it is asked for: the next cell starts anew', async () => {
    await run('const once = 1');
    assert.deepEqual((await run('const twice = 1')).declared, ['twice']);
  });

  /** A cell with `STOP` where it throws. */
  const cases: Array<[claim: string, code: string, declared: string[]]> = [
    ['what stands above the place where it threw', 'const h1 = 1\nlet h2\nSTOP\nconst h3 = 1', ['h1', 'h2']],
    ['not what it threw in', 'const i1 = 1\nconst i2 = STOP', ['i1']],
    ['no name of a pattern that threw', 'const [j1, { j2 }] = [1, STOP]', []],
    ['no name of a statement that threw, though its first was there', 'const k1 = 1, k2 = STOP', []],
    [
      'the globals that it assigned up to there',
      'globalThis.q1 = 1; globalThis["q2"] = 2\nSTOP\nglobalThis.q3 = 3',
      ['globalThis.q1', 'globalThis.q2'],
    ],
    ['its functions, wherever they stand', 'STOP\nfunction l1() {}\nasync function* l2() {}', ['l1', 'l2']],
    [
      'its imports',
      'STOP\nimport { sep as m1 } from "node:path"\nimport * as m2 from "node:os"',
      ['m1', 'm2'],
    ],
    ['its classes up to there', 'class N1 {}\nSTOP\nclass N2 {}', ['N1']],
    ['no class that threw', 'class O1 { static x = STOP }', []],
    ['its enums up to there', 'enum P1 { A }\nSTOP\nenum P2 { A }', ['P1']],
    [
      'what it had before a rejected await',
      'const q1 = await 1\nawait Promise.reject(0)\nconst q2 = 1',
      ['q1'],
    ],
    [
      'what it exports up to there',
      'export const r1 = 1; export class R2 {}\nSTOP\nexport let r3 = 1',
      ['R2', 'r1'],
    ],
    ['a default class up to there', 'export default class S1 {}\nSTOP', ['S1']],
    ['no default class behind', 'STOP\nexport default class T1 {}', []],
    ['a default function, which comes first', 'STOP\nexport default function u1() {}', ['u1']],
    ['a var up to there', 'var v1 = 1\nSTOP\nvar v2 = 1', ['v1']],
    ['a name once, when it is declared twice', 'var w1 = 1\nSTOP\nvar w1 = 2', ['w1']],
    [
      'what compiled code declares, under the name it has',
      'const x1: number = 1\nSTOP\nconst x2: string = ""',
      ['x1'],
    ],
  ];
  for (const [claim, code, declared] of cases) {
    it(claim, async () => {
      const result = await run(code.replace('STOP', 'JSON.parse("{")'));
      assert.deepEqual(result, { declared, status: 'threw' });
    });
  }

  it('nothing, when an import fails', async () => {
    const { declared, status } = await run(
      'import { y1 } from "./nowhere.js"\nconst y2 = 1\nfunction y3() {}',
    );
    assert.deepEqual({ declared, status }, { declared: [], status: 'threw' });
  });

  it('nothing, when it is no TypeScript', async () => {
    assert.deepEqual(await run('const z1 = 1; const = 2'), { declared: [], status: 'threw' });
  });

  it('nothing more of a cell that was given up', async () => {
    const ended = new Promise<Result>((done) =>
      session.run(source('const a1 = 1\nawait new Promise(() => {})\nconst a2 = 1'), done),
    );
    session.reset();
    assert.equal((await ended).status, 'stopped');
    assert.deepEqual(session.takeDeclared(), ['a1']);
  });
});
