import assert from 'node:assert/strict';
import { FirstCheck, Gate } from '../../../kernel/typescript/first-check.ts';
import type { LanguageServer } from '../../../kernel/typescript/server.ts';

const found = { severity: 1, code: 2304, message: 'Cannot find it.' };
const inLine = (line: number): object => ({
  ...found,
  range: { start: { line, character: 0 }, end: { line, character: 1 } },
});

/** A server that notes what it is told and finds what the test says. */
class FakeServer {
  readonly told: string[] = [];
  answer: () => Promise<unknown> = () => Promise.resolve({ items: [] });

  open(uri: string, languageId: string, text: string): void {
    this.told.push(`open ${uri} ${languageId} ${JSON.stringify(text)}`);
  }

  change(uri: string, text: string): void {
    this.told.push(`change ${uri} ${text}`);
  }

  close(uri: string): void {
    this.told.push(`close ${uri}`);
  }

  request(method: string, { textDocument }: { textDocument?: { uri: string } }): Promise<unknown> {
    this.told.push(`${method} ${textDocument?.uri}`);
    return this.answer();
  }
}

describe('the gate in front of the language server', () => {
  let server: FakeServer;
  let gate: Gate;

  beforeEach(() => {
    server = new FakeServer();
    gate = new Gate(server as unknown as LanguageServer, () => server.told.push('opened'));
  });

  it('keeps documents to itself, and hands them over in order when it is lifted, once', () => {
    gate.open('a', 'typescript', '1');
    gate.change('a', '2');
    gate.open('b', 'typescriptreact', '3');
    gate.close('a');
    assert.equal(gate.isOpen, false);
    assert.deepEqual(server.told, []);
    gate.lift();
    gate.lift();
    assert.equal(gate.isOpen, true);
    assert.deepEqual(server.told, [
      'open a typescript "1"',
      'change a 2',
      'open b typescriptreact "3"',
      'close a',
      'opened',
    ]);
  });

  it('lets all through from then on', () => {
    gate.lift();
    gate.open('a', 'typescript', '1');
    gate.change('a', '2');
    gate.close('a');
    assert.deepEqual(server.told, ['opened', 'open a typescript "1"', 'change a 2', 'close a']);
  });

  it('is lifted by the first question, before it is asked', async () => {
    gate.open('a', 'typescript', '1');
    await gate.request('textDocument/hover', { textDocument: { uri: 'a' } });
    assert.deepEqual(server.told, ['open a typescript "1"', 'opened', 'textDocument/hover a']);
  });
});

describe('the first check of a session', () => {
  let server: FakeServer;
  let gate: Gate;
  let first: FirstCheck;

  beforeEach(() => {
    server = new FakeServer();
    gate = new Gate(server as unknown as LanguageServer, () => {});
    first = new FirstCheck(server as unknown as LanguageServer, gate, 'small');
  });

  it('asks about the cell in the small project, as a module, and leaves nothing there', async () => {
    assert.equal(await first.passes('const a = 1 // end'), true);
    assert.deepEqual(server.told, [
      'open small typescript "const a = 1 // end\\n;export {};"',
      'textDocument/diagnostic small',
      'close small',
    ]);
  });

  it('lets the real project be read when the cell that passed has begun', async () => {
    await first.passes('a');
    assert.equal(gate.isOpen, false);
    while (!gate.isOpen) await new Promise((resolve) => setTimeout(resolve, 5));
  });

  it('passes what has no error of its own', async () => {
    server.answer = () => Promise.resolve({ items: [{ ...inLine(0), severity: 4 }, inLine(1)] });
    assert.equal(await first.passes('a'), true);
  });

  for (const [what, answer] of [
    ['an error is found', () => Promise.resolve({ items: [inLine(0)] })],
    ['nobody answers', () => Promise.reject(new Error('gone'))],
  ] as const) {
    it(`says nothing of the cell when ${what}, and lets the real project have it`, async () => {
      server.answer = answer;
      assert.equal(await first.passes('a'), false);
      assert.equal(gate.isOpen, true);
      assert.equal(server.told.at(-1), 'close small');
    });
  }

  it('is one', async () => {
    await first.passes('a');
    server.told.length = 0;
    assert.equal(await first.passes('b'), false);
    assert.deepEqual(server.told, []);
  });

  it('is one, also when the second cell does not wait for the first', async () => {
    const [one, two] = [first.passes('a'), first.passes('b')];
    assert.deepEqual(await Promise.all([one, two]), [true, false]);
  });

  it('is none when the real project is there already', async () => {
    gate.lift();
    assert.equal(await first.passes('a'), false);
    assert.deepEqual(server.told, []);
  });

  it('finds the standard library read when it begins', () => {
    first.start();
    assert.deepEqual(server.told, ['open small typescript "export {};"', 'textDocument/diagnostic small']);
    assert.equal(gate.isOpen, false);
    gate.lift();
  });
});
