import assert from 'node:assert/strict';
import { fstatSync } from 'node:fs';
import type { RuntimePort, ToFront } from '../../../kernel/bridge.ts';
import { Descriptors } from '../../../kernel/runtime/descriptors.ts';

describe('the standard descriptors', function () {
  before(function () {
    if (process.platform === 'win32') this.skip();
  });

  const { dlopen } = process;
  const listeners = process.listeners('worker');
  afterEach(() => {
    process.dlopen = dlopen;
    for (const listener of process.listeners('worker'))
      if (!listeners.includes(listener)) process.off('worker', listener);
  });

  function under(standStill: (step: () => void) => boolean): { descriptors: Descriptors; posted: ToFront[] } {
    const posted: ToFront[] = [];
    const port = { post: (message: ToFront) => posted.push(message), standStill } as unknown as RuntimePort;
    return { descriptors: new Descriptors(port), posted };
  }

  it('are not led while a client that has just started the kernel may still be connecting', () => {
    let asked = 0;
    const { descriptors } = under(() => {
      asked = performance.now();
      return false;
    });
    const since = performance.now();
    descriptors.capture();
    assert.ok(asked - since >= 290, `after ${asked - since} ms`);
  });

  it('stay what they are when the front is too busy to stand still: children get pipes', () => {
    const before = [1, 2].map((fd) => fstatSync(fd).ino);
    const { descriptors, posted } = under(() => false);
    descriptors.capture();
    assert.equal(descriptors.isImpossible, true);
    assert.deepEqual(
      posted.filter(({ type }) => type === 'captured'),
      [],
    );
    assert.deepEqual(
      [1, 2].map((fd) => fstatSync(fd).ino),
      before,
    );
  });
});
