import assert from 'node:assert/strict';
import type { CellOutcome, TypecheckMode } from '../../../kernel/bridge.ts';
import { parseCell } from '../../../kernel/language/parse.ts';
import { CellCheck, type Checker } from '../../../kernel/typescript/checker.ts';
import { declarationsOf } from '../../../kernel/typescript/declarations.ts';
import type { Diagnostic } from '../../../kernel/typescript/report.ts';
import type { Document } from '../../../kernel/typescript/scope.ts';
import { ServerUnavailable } from '../../../kernel/typescript/server.ts';

const ok: CellOutcome = { status: 'ok', payload: [], userExpressions: {} };
const threw = (...declared: string[]): CellOutcome => ({
  status: 'error',
  error: { ename: 'Error', evalue: '', traceback: [] },
  declared,
});

/** An error in the first line of a cell, under the first place where the text is. */
function wrong(code: string, text: string, number: number, message: string = `About ${text}.`): Diagnostic {
  const character = code.indexOf(text);
  const range = { start: { line: 0, character }, end: { line: 0, character: character + text.length } };
  return { range, severity: 1, code: number, message };
}

/** A session that finds what the test says, in this order, and knows what it was told to do. */
class FakeSession {
  readonly told: unknown[] = [];
  findings: Array<readonly Diagnostic[] | Error> = [];

  diagnose({ uri }: Document): Promise<readonly Diagnostic[]> {
    this.told.push(`diagnose ${uri}`);
    const found = this.findings.shift() ?? [];
    return found instanceof Error ? Promise.reject(found) : Promise.resolve(found);
  }

  retype(document: Document, names: ReadonlySet<string>): Document {
    this.told.push(['retype', [...names]]);
    return { ...document, uri: 'retyped' };
  }

  makeAmbient(_: Document, lines: ReadonlySet<number>): void {
    this.told.push(['ambient', [...lines]]);
  }

  discard({ uri }: Document): void {
    this.told.push(`discard ${uri}`);
  }

  commit({ uri }: Document, unreached: readonly string[]): void {
    this.told.push([`commit ${uri}`, unreached]);
  }
}

describe('the check of a cell', () => {
  let session: FakeSession;
  let alive: string[];
  /** Called while the runtime is asked which names exist. */
  let onAsked: (names: readonly string[]) => void;
  let isFirst: boolean;
  let tried: string[];

  beforeEach(() => {
    session = new FakeSession();
    alive = [];
    onAsked = () => {};
    isFirst = false;
    tried = [];
  });

  function check(
    code: string,
    { mode = 'on', imports = [] }: { mode?: TypecheckMode; imports?: Document[] } = {},
  ): CellCheck {
    const document: Document = {
      uri: 'cell',
      languageId: 'typescript',
      source: code,
      declarations: declarationsOf(parseCell(code).program),
      hidden: new Set(),
      imports: new Set(imports),
      types: new Map(),
      exports: new Set(),
      suffix: '',
    };
    const checker = {
      session,
      first: {
        passes: (source: string) => {
          tried.push(source);
          return Promise.resolve(isFirst);
        },
      },
      exist: (names: readonly string[]) => {
        onAsked(names);
        return Promise.resolve(names.filter((name) => alive.includes(name)));
      },
    };
    return new CellCheck(checker as unknown as Checker, code, mode, document);
  }

  it('finds nothing wrong where the service finds nothing', async () => {
    assert.equal(await check('a').error('In [1]'), undefined);
    assert.equal(await check('a', { mode: 'warn' }).warning('In [1]'), '');
  });

  it('tells the errors, under the label of the cell', async () => {
    session.findings = [[wrong('a.b', 'b', 2339)]];
    const error = await check('a.b').error('In [4]');
    assert.equal(error?.ename, 'TypeScriptError');
    assert.match(error.traceback[0] ?? '', /^In \[4\]:1:3 - error TS2339: About b\.\n/);
    session.findings = [[wrong('a.b', 'b', 2339)]];
    assert.match(await check('a.b').warning('In [4]'), /^In \[4\]:1:3 - error TS2339/);
  });

  it('asks nothing about a cell that is no TypeScript', async () => {
    const cell = new CellCheck({ session } as unknown as Checker, 'const =', 'on', undefined);
    assert.equal(await cell.error('In [1]'), undefined);
    cell.end(ok);
    cell.discard();
    assert.deepEqual(session.told, []);
  });

  it('lets the cell run when nobody answers', async () => {
    session.findings = [new ServerUnavailable('gone')];
    assert.equal(await check('a').error('In [1]'), undefined);
  });

  it('does not hide what is wrong with itself', async () => {
    session.findings = [new Error('a bug')];
    await assert.rejects(check('a').error('In [1]'), /a bug/);
  });

  describe('as the first', () => {
    it('is over when the small project finds nothing', async () => {
      isFirst = true;
      assert.equal(await check('a').error('In [1]'), undefined);
      assert.deepEqual([tried, session.told], [['a'], []]);
    });

    it('is not tried there when the cell uses another one', async () => {
      isFirst = true;
      await check('a', { imports: [{} as Document] }).error('In [1]');
      assert.deepEqual([tried, session.told], [[], ['diagnose cell']]);
    });

    it('is asked at once where the cell does not wait: the next may be there before the answer', () => {
      void check('a', { mode: 'warn' }).warning('In [1]');
      assert.deepEqual([tried, session.told], [[], ['diagnose cell']]);
    });
  });

  describe('that meets an unknown name', () => {
    const code = 'known.x + unknown';
    const unknown = wrong(code, 'unknown', 2304);

    it('keeps the error when no such name exists at run time', async () => {
      session.findings = [[unknown]];
      onAsked = (names) => assert.deepEqual(names, ['unknown']);
      assert.equal((await check(code).error('In [1]'))?.evalue, 'About unknown.');
      assert.deepEqual(session.told, ['diagnose cell']);
    });

    it('checks again with those that exist', async () => {
      session.findings = [[unknown, wrong(code, 'x', 2339)], [wrong(code, 'x', 2339)]];
      alive = ['unknown', 'x'];
      const cell = check(code);
      assert.equal((await cell.error('In [1]'))?.evalue, 'About x.');
      assert.deepEqual(session.told, ['diagnose cell', ['retype', ['unknown']], 'diagnose retyped']);
      cell.end(ok);
      assert.deepEqual(session.told.at(-1), ['commit retyped', []]);
    });

    it('changes no document when the cell has ended before the answer, and tells the other errors', async () => {
      session.findings = [[unknown, wrong(code, 'x', 2339)]];
      alive = ['unknown', 'x'];
      const cell = check(code, { mode: 'warn' });
      onAsked = () => cell.end(ok);
      const text = await cell.warning('In [1]');
      assert.match(text, /About x/);
      assert.doesNotMatch(text, /About unknown/);
      assert.deepEqual(session.told, ['diagnose cell', ['commit cell', []]]);
    });

    it('changes no document when the cell was stopped before the answer', async () => {
      session.findings = [[unknown]];
      alive = ['unknown'];
      const cell = check(code);
      onAsked = () => cell.discard();
      await cell.error('In [1]');
      assert.deepEqual(session.told, ['diagnose cell', 'discard cell']);
    });
  });

  it('is not heard of any more when the cell was stopped and its document is gone', async () => {
    session.findings = [new Error('cell is not open')];
    const cell = check('a');
    const error = cell.error('In [1]');
    cell.discard();
    assert.equal(await error, undefined);
  });

  it('makes modules that nobody knows ambient, by their lines, and checks again', async () => {
    const code = 'declare module "m" {}';
    session.findings = [[wrong(code, '"m"', 2664)], []];
    assert.equal(await check(code).error('In [1]'), undefined);
    assert.deepEqual(session.told, ['diagnose cell', ['ambient', [0]], 'diagnose cell']);
  });

  it('does not do so for a cell that was stopped', async () => {
    const code = 'declare module "m" {}';
    session.findings = [[wrong(code, '"m"', 2664)]];
    const cell = check(code);
    const error = cell.error('In [1]');
    cell.discard();
    await error;
    assert.deepEqual(session.told, ['discard cell', 'diagnose cell']);
  });

  describe('of a cell that has been run', () => {
    const code = 'const a = 1; throw 0; const b = 1; type T = 1; declare const c: 1; function f() {}';
    const unreachedAfter = (outcome: CellOutcome): unknown => {
      check(code).end(outcome);
      return (session.told.at(-1) as [string, string[]])[1];
    };

    it('hands over all that it declares', () => assert.deepEqual(unreachedAfter(ok), []));

    it('says what a cell that failed did not get to, but for what no run declares', () => {
      const unreached = unreachedAfter(threw('a', 'f', 'from elsewhere'));
      assert.deepEqual(unreached, ['b', 'T']);
    });
  });
});
