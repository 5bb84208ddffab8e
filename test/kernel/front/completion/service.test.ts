/** What is made of the language service's answers, on a service that the test plays. */
import assert from 'node:assert/strict';
import { askService } from '../../../../kernel/front/completion/service.ts';
import type { Checker } from '../../../../kernel/typescript/checker.ts';
import { ServerUnavailable } from '../../../../kernel/typescript/server.ts';

interface FakeItem {
  readonly label: string;
  readonly [field: string]: unknown;
}

class FakeChecker {
  readonly asked: string[] = [];
  readonly names: string[] = [];
  items: FakeItem[] | Error = [];

  caughtUp(): Promise<void> {
    return Promise.resolve();
  }

  follow(): void {
    this.asked.push('follow');
  }

  readonly session = {
    inWords: (text: string): string => text,
    scope: {
      allNames: (): string[] => this.names,
      get: (name: string): object | undefined =>
        this.names.includes(name) ? { value: { kind: 'class' } } : undefined,
    },
    draft: (): { uri: string } => ({ uri: 'file:///draft.ts' }),
  };

  readonly server = {
    request: (method: string, params: FakeItem): Promise<unknown> => {
      this.asked.push(method);
      if (this.items instanceof Error) return Promise.reject(this.items);
      if (method === 'textDocument/completion') return Promise.resolve({ items: this.items });
      return Promise.resolve({ ...params, detail: `function ${params.label}(): void` });
    },
  };

  async matches(text: string): Promise<string[] | undefined> {
    const completion = await askService(this as unknown as Checker, text, text.length, false);
    return completion?.candidates.map((candidate) => candidate.text);
  }
}

/** An edit of the first line. */
function edit(start: number, end: number, newText: string): object {
  const range = { start: { line: 0, character: start }, end: { line: 0, character: end } };
  return { textEdit: { range, newText } };
}

describe("the language service's answer", () => {
  let checker: FakeChecker;
  beforeEach(() => (checker = new FakeChecker()));

  it('is sorted as it says, then by text', async () => {
    checker.items = [
      { label: 'old', sortText: 'z11' },
      { label: 'global', sortText: '15' },
      { label: 'b', sortText: '11' },
      { label: 'a10', sortText: '11' },
      { label: 'a9', sortText: '11' },
    ];
    assert.deepEqual(await checker.matches(''), ['a9', 'a10', 'b', 'global', 'old']);
  });

  it('loses what clients cannot do, what is said twice, and what is ours', async () => {
    checker.items = [
      { label: 'readFile', additionalTextEdits: [{ newText: 'import { readFile } …' }] },
      { label: 'cases', insertText: 'case 1:\ncase 2:' },
      { label: '__tsloop_global_x' },
      { label: 'twice', kind: 3 },
      { label: 'twice', kind: 6 },
      { label: 'size?', insertText: 'size', filterText: 'size' },
    ];
    assert.deepEqual(await checker.matches(''), ['size', 'twice']);
  });

  it('loses what replaces more than the word, unless there is nothing else', async () => {
    const dashed = { label: 'a-b', filterText: '.a-b', ...edit(1, 2, '["a-b"]') };
    checker.items = [{ label: 'ab' }, dashed];
    assert.deepEqual(await checker.matches('x.'), ['ab']);
    checker.items = [dashed];
    const completion = await askService(checker as unknown as Checker, 'x.', 2, false);
    assert.deepEqual(completion?.candidates[0]?.text, '["a-b"]');
    assert.equal(completion?.start, 1);
  });

  it('is completed by names of the session, where such names may stand', async () => {
    checker.names.push('apple', 'banana', 'appetite');
    checker.items = [{ label: 'apply', sortText: '15' }];
    assert.deepEqual(await checker.matches('app'), ['apply']);
    checker.items.push({ label: '__tsloop_value', sortText: '11' });
    assert.deepEqual(await checker.matches('app'), ['appetite', 'apple', 'apply']);
    checker.items.push({ label: 'apple', sortText: '11' });
    assert.deepEqual(await checker.matches('app'), ['appetite', 'apple', 'apply']);
  });

  it('is completed by values where values may stand, and by types where types may', async () => {
    checker.names.push('value');
    checker.items = [{ label: '__tsloop_type', sortText: '11' }];
    assert.deepEqual(await checker.matches(''), []);
    checker.items = [{ label: '__tsloop_value', sortText: '11' }];
    assert.deepEqual(await checker.matches(''), ['value']);
  });

  it('always has the signature of the first candidate', async () => {
    checker.items = [{ label: 'greet', kind: 3 }];
    const completion = await askService(checker as unknown as Checker, 'gr', 2, false);
    assert.deepEqual(completion?.candidates, [{ text: 'greet', kind: 'function', signature: '(): void' }]);
  });

  it('is undefined, and no error, when there is none', async () => {
    checker.items = new ServerUnavailable('it is gone');
    assert.equal(await checker.matches('x'), undefined);
  });
});
