import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import * as fc from 'fast-check';
import type { JsonObject } from '../../../kernel/protocol/json.ts';
import type { Header, Message } from '../../../kernel/protocol/message.ts';
import { decode, encode, Signer, WireError } from '../../../kernel/wire/frames.ts';

const signer = new Signer('secret', 'sha256');

function header(changes: Partial<Header> = {}): Header {
  return {
    msg_id: 'id',
    session: 's',
    username: 'u',
    date: '2026-01-01T00:00:00Z',
    msg_type: 'x_request',
    version: '5.5',
    ...changes,
  };
}

function message(content: JsonObject = { code: '1' }, buffers: Uint8Array[] = []): Message {
  return { header: header(), parent: {}, metadata: {}, content, buffers };
}

const bytes = (frame: Uint8Array | undefined): Buffer => Buffer.from(frame ?? []);

/** Frames with a right signature around texts that need not be JSON. */
function signed(parts: readonly string[], by = signer): Uint8Array[] {
  const frames = parts.map((part) => Buffer.from(part));
  return [Buffer.from('<IDS|MSG>'), Buffer.from(by.sign(frames)), ...frames];
}

function reasonOf(frames: readonly Uint8Array[], by = signer): string {
  try {
    decode(frames, by);
  } catch (error) {
    assert.ok(error instanceof WireError);
    return error.message;
  }
  return 'decoded';
}

describe('the frames of a message', () => {
  it('come back from the wire as they went', () => {
    const sent: Message = {
      ...message({ code: '😀 \u2028', n: [1, null] }),
      parent: header({ msg_id: 'p' }),
      metadata: { a: {} },
    };
    const { message: received, identities } = decode(encode(sent, signer, [Buffer.from('client')]), signer);
    assert.deepEqual(received, sent);
    assert.deepEqual(identities.map(String), ['client']);
  });

  it('carry any JSON, identities of any bytes, and any buffers', () => {
    const anyBytes = fc.uint8Array({ maxLength: 20 });
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.array(anyBytes, { maxLength: 3 }),
        fc.array(anyBytes, { maxLength: 3 }),
        (value, identities, buffers) => {
          const content = JSON.parse(JSON.stringify(value)) as JsonObject;
          const frames = encode(message(content, buffers), signer, identities);
          const decoded = decode(frames, signer);
          assert.deepEqual(decoded.message.content, content);
          assert.deepEqual(decoded.identities.map(bytes), identities.map(bytes));
          assert.deepEqual(decoded.message.buffers.map(bytes), buffers.map(bytes));
        },
      ),
    );
  });

  it('keep identities that are no text', () => {
    const identity = Buffer.from([0, 0xff, 0xfe, 0x80, 0xc3]);
    const { identities } = decode(encode(message(), signer, [identity, Buffer.alloc(0)]), signer);
    assert.deepEqual(identities.map(bytes), [identity, Buffer.alloc(0)]);
  });

  it('are signed as the protocol says: HMAC of the four JSON frames, as hexadecimal digits', () => {
    const [, signature, ...parts] = encode(message(), signer, []);
    const expected = createHmac('sha256', 'secret');
    for (const part of parts.slice(0, 4)) expected.update(part);
    assert.equal(bytes(signature).toString(), expected.digest('hex'));
  });

  it('do not sign the buffers', () => {
    const frames = encode(message({}, [Buffer.from('a')]), signer, []);
    frames[6] = Buffer.from('changed');
    assert.equal(bytes(decode(frames, signer).message.buffers[0]).toString(), 'changed');
  });

  it('may come from an old client: no date, version, session and user name', () => {
    const { message: received } = decode(signed(['{"msg_id":"1","msg_type":"t"}', '{}', '{}', '{}']), signer);
    assert.deepEqual(
      received.header,
      header({ msg_id: '1', msg_type: 't', session: '', username: '', date: '', version: '' }),
    );
  });
});

describe('frames that are dropped', () => {
  const good = (): Uint8Array[] => encode(message(), signer, [Buffer.from('c')]);

  it('have no delimiter', () =>
    assert.equal(reasonOf(good().filter((_, i) => i !== 1)), 'No <IDS|MSG> delimiter'));
  it('are none at all', () => assert.equal(reasonOf([]), 'No <IDS|MSG> delimiter'));
  it('are too few', () => {
    for (let length = 2; length < 7; length += 1)
      assert.equal(reasonOf(good().slice(0, length)), 'Too few frames');
  });

  it('have no signature, a short one, a long one, or one of something else', () => {
    const wrong = ['', 'abc', signer.sign([]), `${signer.sign([])}00`, 'é'.repeat(32)];
    for (const signature of wrong) {
      const frames = good();
      frames[2] = Buffer.from(signature);
      assert.equal(reasonOf(frames), 'Wrong signature', signature);
    }
  });

  it('have the signature in capital letters', () => {
    const frames = good();
    frames[2] = Buffer.from(bytes(frames[2]).toString().toUpperCase());
    assert.equal(reasonOf(frames), 'Wrong signature');
  });

  it('were signed with another key', () =>
    assert.equal(reasonOf(good(), new Signer('other', 'sha256')), 'Wrong signature'));

  it('were changed after they were signed, in any part and at any place', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 3, max: 6 }),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (part, at, change) => {
          const frames = good();
          const frame = bytes(frames[part]);
          const index = at % frame.length;
          frame[index] = (frame[index] ?? 0) ^ change;
          frames[part] = frame;
          assert.equal(reasonOf(frames), 'Wrong signature');
        },
      ),
    );
  });

  it('had their parts exchanged', () => {
    const frames = good();
    [frames[4], frames[6]] = [frames[6] ?? Buffer.alloc(0), frames[4] ?? Buffer.alloc(0)];
    assert.equal(reasonOf(frames), 'Wrong signature');
  });

  it('are not even parsed when the signature is wrong', () => {
    const frames = signed(['no JSON', 'no JSON', 'no JSON', 'no JSON'], new Signer('other', 'sha256'));
    assert.equal(reasonOf(frames), 'Wrong signature');
  });

  it('are signed, but no JSON, no object, or without id or type', () => {
    const head = '{"msg_id":"1","msg_type":"t"}';
    assert.equal(reasonOf(signed(['nonsense', '{}', '{}', '{}'])), 'The header is not JSON');
    assert.equal(reasonOf(signed(['[]', '{}', '{}', '{}'])), 'The header is not a JSON object');
    assert.equal(reasonOf(signed([head, 'null', '{}', '{}'])), 'The parent header is not a JSON object');
    assert.equal(reasonOf(signed([head, '{}', '"m"', '{}'])), 'The metadata is not a JSON object');
    assert.equal(reasonOf(signed([head, '{}', '{}', '{'])), 'The content is not JSON');
    assert.equal(reasonOf(signed(['{"msg_type":"t"}', '{}', '{}', '{}'])), 'The header has no msg_id');
    assert.equal(
      reasonOf(signed(['{"msg_id":"1","msg_type":5}', '{}', '{}', '{}'])),
      'The header has no msg_type',
    );
  });
});

describe('a signer', () => {
  it('with an empty key neither signs nor verifies', () => {
    const none = new Signer('', 'sha256');
    assert.equal(none.sign([Buffer.from('x')]), '');
    assert.equal(reasonOf(encode(message(), none, []), none), 'decoded');
    assert.equal(reasonOf(encode(message(), signer, []), none), 'decoded');
  });

  it('takes any hash that Node has, and names one that it has not', () => {
    assert.equal(new Signer('k', 'sha512').sign([]).length, 128);
    assert.throws(
      () => new Signer('k', 'sha-nonsense'),
      new WireError("This Node has no hash 'sha-nonsense' to sign messages with"),
    );
  });
});
