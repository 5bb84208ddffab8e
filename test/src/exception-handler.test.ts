import assert from 'node:assert/strict';
import {
  KeyboardInterrupt,
  newEventLoop,
  reportUnretrieved,
  sleep,
  type EventLoop,
  type ExceptionContext,
} from '../../src/index.ts';
import { virtualTime } from '../../src/testing/virtual-time.ts';
import { captureConsole } from './capture-console.ts';
import { collectGarbageUntil } from './collect-garbage.ts';

describe('the exception handler', () => {
  let loop: EventLoop;
  let contexts: ExceptionContext[];
  const settle = (): Promise<void> => loop.runUntilComplete(() => sleep(0));
  const fail = (message: string): void => {
    loop.callSoon(function failing() {
      throw new Error(message);
    });
  };
  beforeEach(() => {
    loop = newEventLoop(virtualTime());
    contexts = [];
    loop.setExceptionHandler((_, context) => contexts.push(context));
  });
  afterEach(() => loop.close());

  it('rule 46: gets message, exception and handle; in debug mode also where the handle was made', async () => {
    fail('plain');
    await settle();
    assert.equal(contexts[0]?.message, 'Exception in callback failing()');
    assert.match(String(contexts[0]?.handle), /^<Handle failing\(\)>$/);
    assert.equal('sourceTraceback' in (contexts[0] as object), false);
    loop.setDebug(true);
    fail('debug');
    await settle();
    assert.match(String(contexts[1]?.sourceTraceback), /^ {4}at .*exception-handler\.test\.js:\d+/);
  });

  it('rule 48: is a function or null, and null by default', () => {
    const plain = newEventLoop(virtualTime());
    assert.equal(plain.getExceptionHandler(), null);
    const handler = (): void => {};
    plain.setExceptionHandler(handler);
    assert.equal(plain.getExceptionHandler(), handler);
    assert.throws(() => plain.setExceptionHandler(5 as never), { name: 'TypeError', message: /not 5/ });
    assert.equal(plain.getExceptionHandler(), handler);
    plain.setExceptionHandler(null);
    assert.equal(plain.getExceptionHandler(), null);
    plain.close();
  });

  it('rule 49: is called with loop and context, and may call the default one', async () => {
    const seen: unknown[] = [];
    loop.setExceptionHandler((own, context) => {
      seen.push(own);
      loop.defaultExceptionHandler(context);
    });
    const shown = await captureConsole(() => {
      loop.callExceptionHandler({ message: 'from anywhere', exception: new Error('told') });
    });
    assert.deepEqual(seen, [loop]);
    assert.match(shown.join(), /^from anywhere\nError: told/);
  });

  it('rule 50: that fails itself is reported by the default one, which may fail too', async () => {
    loop.setExceptionHandler(() => {
      throw new Error('in handler');
    });
    const shown = await captureConsole(async () => {
      fail('original');
      await settle();
    });
    assert.equal(shown.length, 1);
    assert.match(String(shown[0]), /^unhandled error in handler\n[^]*Error: original[^]*Error: in handler/);
    Object.assign(loop, {
      defaultExceptionHandler: () => {
        throw new Error('in default handler');
      },
    });
    const both = await captureConsole(async () => {
      fail('original');
      await settle();
      loop.setExceptionHandler(null);
      fail('original');
      await settle();
    });
    assert.equal(both.length, 2);
    assert.match(
      String(both[0]),
      /^Exception in default exception handler while handling.*\nError: in default/,
    );
    assert.match(String(both[1]), /^Exception in default exception handler\nError: in default/);
  });

  it('lets an interrupt through that it throws', async () => {
    loop.setExceptionHandler(() => {
      throw new KeyboardInterrupt('stop');
    });
    fail('original');
    await assert.rejects(settle(), { name: 'KeyboardInterrupt' });
  });

  it('rule 51: by default writes the message, the rest of the context in order, and the error', async () => {
    loop.setExceptionHandler(null);
    const shown = await captureConsole(() => {
      loop.callExceptionHandler({
        task: 'the task',
        future: 'the future',
        exception: new RangeError('last'),
      });
      loop.callExceptionHandler({ message: 'only this' });
    });
    assert.match(
      String(shown[0]),
      /^Unhandled exception in event loop\nfuture: the future\ntask: 'the task'\nRangeError: last\n {4}at /,
    );
    assert.equal(shown[1], 'only this');
    loop.setDebug(true);
    const [debug] = await captureConsole(async () => {
      fail('debug');
      await settle();
    });
    assert.match(
      String(debug),
      /^Exception in callback failing\(\)\nhandle: <Handle failing\(\) created at .*\ncreated at \(most recent call first\):\n {4}at [^]*Error: debug/,
    );
  });

  it('rule 51: tells of causes, and of the errors in an AggregateError', async () => {
    loop.setExceptionHandler(null);
    const shown = await captureConsole(() => {
      loop.callExceptionHandler({ exception: new Error('outer', { cause: new TypeError('root') }) });
      loop.callExceptionHandler({ exception: new AggregateError([new Error('first')], 'several') });
    });
    assert.match(String(shown[0]), /Error: outer\n[^]*\[cause\]: TypeError: root\n/);
    assert.match(String(shown[1]), /AggregateError: several[^]*\[errors\]: \[\s+Error: first\n/);
  });

  it('rule 52: gets the rejections that nobody handles while the loop runs', async () => {
    const others = process.listeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection');
    try {
      await loop.runUntilComplete(async () => {
        void Promise.reject(new Error('floating'));
        void (async () => {
          await sleep(1);
          throw new Error('floating later');
        })();
        await sleep(2);
        await new Promise((resolve) => setImmediate(resolve));
        await new Promise((resolve) => setImmediate(resolve));
        void Promise.reject(new Error('in the last step'));
      });
      await new Promise((resolve) => setImmediate(resolve));
      await new Promise((resolve) => setImmediate(resolve));
      assert.equal(process.listenerCount('unhandledRejection'), 0, 'it listens during runs only');
    } finally {
      for (const other of others) process.on('unhandledRejection', other);
    }
    assert.deepEqual(
      contexts.map(({ message, exception }) => [message, String(exception)]),
      ['floating', 'floating later', 'in the last step'].map((text) => [
        'Unhandled rejection of a promise',
        `Error: ${text}`,
      ]),
    );
  });

  it('rule 72: is told of exceptions that nobody retrieved, when their future is gone', async () => {
    const make = (): void => {
      loop.createFuture().setException(new Error('lost'));
      const asked = loop.createFuture();
      asked.setException(new Error('asked for'));
      asked.exception();
      const task = loop.createTask(async () => {
        throw new Error('lost task');
      });
      task.setName('lost');
    };
    make();
    await settle();
    await settle();
    await collectGarbageUntil(() => contexts.length >= 2);
    assert.deepEqual(contexts.map(({ message, exception }) => `${message}: ${String(exception)}`).sort(), [
      'Future exception was never retrieved: Error: lost',
      'Task exception was never retrieved: Error: lost task',
    ]);
    assert.match(contexts.map(({ future }) => String(future)).join(), /name='lost'/);
  });

  it('rule 72: is told at the end of a program of those that are still there', async () => {
    const kept = loop.createFuture();
    kept.setException(new Error('kept'));
    const awaited = loop.createFuture();
    awaited.setException(new Error('awaited'));
    await assert.rejects(awaited, /awaited/);
    reportUnretrieved(loop);
    reportUnretrieved(loop);
    assert.deepEqual(
      contexts.map(({ exception }) => String(exception)),
      ['Error: kept'],
    );
  });

  it('rule 95: is told in debug mode of pending tasks that are gone', async () => {
    loop.setDebug(true);
    const make = async (): Promise<void> => {
      loop.createTask(async () => await loop.createFuture(), { name: 'forgotten' });
      const main = loop.runUntilComplete(async () => {
        loop.callSoon(() => loop.stop());
        await loop.createFuture();
      });
      await assert.rejects(main, /stopped before/);
    };
    await make();
    await settle();
    await collectGarbageUntil(() => contexts.length > 0);
    await settle();
    assert.equal(contexts.length, 1, 'not of the one that a run made');
    assert.equal(contexts[0]?.message, 'Task was destroyed but it is pending!');
    assert.match(String(contexts[0]?.task), /name='forgotten'/);
    assert.match(String(contexts[0]?.sourceTraceback), /exception-handler\.test\.js/);
  });
});
