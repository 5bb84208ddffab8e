import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { Connection, ResponseError } from '../../../kernel/typescript/connection.ts';

const frame = (message: object | string): Buffer => {
  const body = Buffer.from(typeof message === 'string' ? message : JSON.stringify(message));
  return Buffer.concat([Buffer.from(`Content-Length: ${body.length}\r\n\r\n`), body]);
};

describe('the connection to a language server', () => {
  let input: PassThrough;
  let output: PassThrough;
  let connection: Connection;
  let asked: unknown[];
  let garbage: string[];

  beforeEach(() => {
    input = new PassThrough();
    output = new PassThrough();
    asked = [];
    garbage = [];
    connection = new Connection(input, output, {
      onRequest: (method, params) => {
        asked.push([method, params]);
        return undefined;
      },
      onGarbage: (reason) => garbage.push(reason),
    });
  });

  const sent = (): string => String(output.read() ?? '');

  it('counts the length of a message in bytes', () => {
    connection.notify('say', { text: 'é😀' });
    const text = sent();
    const [header = '', body = ''] = text.split('\r\n\r\n');
    assert.equal(header, `Content-Length: ${Buffer.byteLength(body)}`);
    assert.deepEqual(JSON.parse(body), { jsonrpc: '2.0', method: 'say', params: { text: 'é😀' } });
  });

  it('gives each answer to its request, in whatever order and pieces they come', async () => {
    const first = connection.request('one', {});
    const second = connection.request('two', {});
    const bytes = Buffer.concat([frame({ id: 2, result: 'zwei 😀' }), frame({ id: 1, result: { a: 1 } })]);
    for (const byte of bytes) input.write(Buffer.of(byte));
    assert.equal(await second, 'zwei 😀');
    assert.deepEqual(await first, { a: 1 });
  });

  it('takes several messages in one piece, the last of them unfinished', async () => {
    const answers = [1, 2, 3].map(async () => connection.request('ask', {}));
    const bytes = Buffer.concat([1, 2, 3].map((id) => frame({ id, result: id * 10 })));
    input.write(bytes.subarray(0, bytes.length - 5));
    assert.deepEqual(await Promise.all(answers.slice(0, 2)), [10, 20]);
    input.write(bytes.subarray(bytes.length - 5));
    assert.equal(await answers[2], 30);
  });

  it('takes headers beside the length, in any case', async () => {
    const answer = connection.request('ask', {});
    const body = JSON.stringify({ id: 1, result: 'yes' });
    input.write(
      `Content-Type: application/vscode-jsonrpc; charset=utf-8\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    assert.equal(await answer, 'yes');
  });

  it('rejects with the error that the other side answered', async () => {
    const answer = connection.request('ask', {});
    input.write(frame({ id: 1, error: { code: -32603, message: 'it broke' } }));
    await assert.rejects(
      answer,
      (error) => error instanceof ResponseError && error.code === -32603 && error.message === 'ask: it broke',
    );
  });

  it('answers requests of the other side, those that it knows nothing of too', async () => {
    const answer = connection.request('ask', {});
    sent();
    input.write(frame({ id: 'ts1', method: 'client/registerCapability', params: { a: 1 } }));
    input.write(frame({ method: 'window/logMessage', params: {} }));
    input.write(frame({ id: 1, result: null }));
    await answer;
    assert.deepEqual(asked, [['client/registerCapability', { a: 1 }]]);
    assert.match(sent(), /"id":"ts1","result":null/);
  });

  for (const [what, bytes] of [
    ['a header without a length', 'Hello: world\r\n\r\n'],
    ['no JSON', frame('{nope')],
    ['a header without an end', 'x'.repeat(5000)],
  ] as const) {
    it(`says so once when it is sent ${what}`, async () => {
      input.write(bytes);
      await new Promise((resolve) => setImmediate(resolve));
      assert.equal(garbage.length, 1);
    });
  }

  it('rejects what is pending when it is closed, and sends nothing more', async () => {
    const answer = connection.request('ask', {});
    sent();
    connection.close(new Error('the end'));
    await assert.rejects(answer, /the end/);
    connection.notify('say', {});
    assert.equal(sent(), '');
  });
});
