import assert from 'node:assert/strict';
import type { FrontPort, ToFront, ToRuntime } from '../../../kernel/bridge.ts';
import { LatePort } from '../../../kernel/typescript/late-port.ts';

describe('a port that opens late', () => {
  it('holds what is posted, and hands it on in order when it opens, and then at once', () => {
    const posted: number[] = [];
    let say: (message: ToFront) => void = () => {};
    const inner: FrontPort = {
      post: (message) => posted.push((message as Extract<ToRuntime, { type: 'ping' }>).id),
      onMessage: (listener) => (say = listener),
    };
    const port = new LatePort();
    const heard: ToFront[] = [];
    port.onMessage((message) => heard.push(message));
    port.post({ type: 'ping', id: 1 });
    port.post({ type: 'ping', id: 2 });
    assert.deepEqual(posted, []);
    port.open(inner);
    assert.deepEqual(posted, [1, 2]);
    port.post({ type: 'ping', id: 3 });
    assert.deepEqual(posted, [1, 2, 3]);
    say({ type: 'ready' });
    assert.deepEqual(heard, [{ type: 'ready' }]);
  });
});
