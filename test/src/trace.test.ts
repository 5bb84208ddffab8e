import assert from 'node:assert/strict';
import { gather, newEventLoop, sleep, waitFor, type EventLoop, type TraceEvent } from '../../src/index.ts';
import { virtualTime } from '../../src/testing/virtual-time.ts';

/** Some fields of each event, as a table. */
function rows(events: readonly TraceEvent[], ...fields: ReadonlyArray<keyof TraceEvent>): unknown[][] {
  return events.map((event) => fields.map((field) => event[field]));
}

function virtualLoop(): EventLoop {
  return newEventLoop({ ...virtualTime(), exceptionHandler: () => {} });
}

describe('loop.trace()', () => {
  it('records what was scheduled, how, when it was due and when it was called', async () => {
    const loop = virtualLoop();
    const trace = loop.trace();
    loop.callSoon(function first() {});
    loop.callLater(2, function second() {});
    loop.callAt(1, function third() {});
    await loop.runUntilComplete(() => sleep(3));
    const named = trace.events.filter(({ callback }) => ['first', 'second', 'third'].includes(callback));
    assert.deepEqual(rows(named, 'callback', 'kind', 'scheduled', 'due', 'started', 'ended', 'outcome'), [
      ['first', 'soon', 0, 0, 0, 0, 'ok'],
      ['second', 'later', 0, 2, 2, 2, 'ok'],
      ['third', 'at', 0, 1, 1, 1, 'ok'],
    ]);
    assert.deepEqual(trace.events.find(({ kind, due }) => kind === 'sleep' && due === 3)?.started, 3);
  });

  it('names the handle that scheduled each, also in a microtask of its call', async () => {
    const loop = virtualLoop();
    const trace = loop.trace();
    loop.callSoon(function parent() {
      loop.callSoon(function child() {});
      void Promise.resolve()
        .then(() => {})
        .then(() => loop.callLater(1, function grandchild() {}));
    });
    loop.callSoon(function other() {});
    await loop.runUntilComplete(() => sleep(2));
    const handleOf = (name: string): number | undefined =>
      trace.events.find(({ callback }) => callback === name)?.handle;
    const parentOf = (name: string): number | null | undefined =>
      trace.events.find(({ callback }) => callback === name)?.parent;
    assert.equal(parentOf('parent'), null);
    assert.equal(parentOf('child'), handleOf('parent'));
    assert.equal(parentOf('grandchild'), handleOf('parent'));
    assert.equal(parentOf('other'), null);
  });

  it('counts the microtasks of a call as part of it', async () => {
    let now = 0;
    const loop = newEventLoop({ clock: { time: () => now, resolution: 1e-9 } });
    const trace = loop.trace();
    loop.callSoon(function quick() {
      now += 1;
      void Promise.resolve().then(() => (now += 2));
    });
    loop.callSoon(function next() {
      now += 4;
    });
    loop.callSoon(() => loop.stop());
    await loop.runForever();
    assert.deepEqual(rows(trace.events.slice(0, 2), 'callback', 'started', 'ended'), [
      ['quick', 0, 3],
      ['next', 3, 7],
    ]);
  });

  it('says which were cancelled and when, which failed, and which still wait', async () => {
    const loop = virtualLoop();
    const trace = loop.trace();
    const late = loop.callLater(5, function late() {});
    loop.callLater(9, function never() {});
    loop.callSoon(function bad() {
      throw new Error('bad');
    });
    loop.callSoon(async function worse() {
      await Promise.resolve();
      throw new Error('worse');
    });
    loop.callLater(1, function canceller() {
      late.cancel();
      late.cancel();
    });
    await loop.runUntilComplete(() => sleep(2));
    const named = trace.events.filter(({ callback }) => /^(late|never|bad|worse|canceller)$/.test(callback));
    assert.deepEqual(rows(named, 'callback', 'outcome', 'cancelled', 'started'), [
      ['late', 'cancelled', 1, null],
      ['never', 'waiting', null, null],
      ['bad', 'exception', null, 0],
      ['worse', 'exception', null, 0],
      ['canceller', 'ok', null, 1],
    ]);
  });

  it('knows no more of handles from before it than that they are called', async () => {
    const loop = virtualLoop();
    loop.callLater(1, function older() {});
    await loop.runUntilComplete(() => sleep(0));
    const trace = loop.trace();
    await loop.runUntilComplete(() => sleep(2));
    const older = trace.events.filter(({ callback }) => callback === 'older');
    assert.deepEqual(rows(older, 'scheduled', 'parent', 'due', 'started', 'outcome'), [
      [null, null, 1, 1, 'ok'],
    ]);
  });

  it('names the task whose step each is, by a number and a name', async () => {
    const loop = virtualLoop();
    const trace = loop.trace();
    await loop.runUntilComplete(async () => {
      const twice = async (): Promise<void> => {
        await sleep(0);
        await sleep(1);
      };
      const tasks = [loop.createTask(twice, { name: 'a' }), loop.createTask(twice, { name: 'b' })];
      for (const task of tasks) await task;
    });
    const steps = trace.events.filter(({ task }) => task !== null && /^[ab]$/.test(task.name));
    // The first step of each, the one after sleep(0), and the one after sleep(1).
    assert.deepEqual(
      steps.map(({ task, started }) => `${task?.name} at ${started}`),
      ['a at 0', 'b at 0', 'a at 0', 'b at 0', 'a at 1', 'b at 1'],
    );
    assert.deepEqual([steps[0]?.kind, steps[2]?.kind, steps[4]?.kind], ['step', 'sleep', 'step']);
    const [first, second] = [steps[0]?.task, steps[1]?.task];
    assert.equal(steps[4]?.task, first);
    assert.notEqual(first?.id, second?.id);
  });

  it('tells which call came first, also of those at the same time', async () => {
    const loop = virtualLoop();
    const trace = loop.trace();
    loop.callAt(1, function timer() {});
    await loop.runUntilComplete(() => sleep(1));
    loop.callSoon(function soon() {});
    loop.callSoon(function never() {}).cancel();
    await loop.runUntilComplete(() => sleep(0));
    const named = trace.events.filter(({ callback }) => ['timer', 'soon', 'never'].includes(callback));
    const turns = rows(named, 'turn').flat() as number[];
    assert.ok((turns[0] ?? 0) < (turns[1] ?? 0), String(turns));
    assert.equal(turns[2], null);
    const all = trace.events.map(({ turn }) => turn).filter((turn) => turn !== null);
    assert.deepEqual(
      all.sort((a, b) => a - b),
      all.map((_, i) => i + 1),
    );
  });

  it('records a task that is made of a promise from its making to its end', async () => {
    const loop = virtualLoop();
    const trace = loop.trace({ places: true });
    const later = (seconds: number, error?: Error): Promise<void> =>
      new Promise((resolve, reject) => loop.callLater(seconds, () => (error ? reject(error) : resolve())));
    await loop.runUntilComplete(async () => {
      const made = [
        loop.createTask(later(1), { name: 'ends' }),
        loop.createTask(later(2, new Error('no')), { name: 'fails' }),
        loop.createTask(later(9), { name: 'is cancelled' }),
        loop.createTask(later(9), { name: 'goes on' }),
      ];
      await sleep(3);
      made[2]?.cancel();
      await Promise.allSettled(made.slice(0, 3));
    });
    const promises = trace.stop().filter(({ kind }) => kind === 'promise');
    assert.deepEqual(
      promises.map(({ task, scheduled, started, ended, taskEnd, outcome, turn }) => [
        task?.name,
        scheduled,
        started,
        ended,
        taskEnd,
        outcome,
        turn,
      ]),
      [
        ['ends', 0, 0, 1, 'ok', 'ok', null],
        ['fails', 0, 0, 2, 'exception', 'exception', null],
        ['is cancelled', 0, 0, 3, 'cancelled', 'cancelled', null],
        ['goes on', 0, 0, null, null, 'running', null],
      ],
    );
    assert.match(promises[0]?.place?.file ?? '', /trace\.test\.[jt]s$/);
  });

  it('tells the callbacks of the library from those of the user, whatever they are called', async () => {
    const loop = virtualLoop();
    const trace = loop.trace();
    await loop.runUntilComplete(async () => {
      loop.callSoon(function start() {});
      loop.callLater(1, function release(_n: number) {}, 1);
      const task = loop.createTask(() => sleep(0.5));
      task.addDoneCallback(function mine() {});
      await gather(task, () => waitFor(() => sleep(9), 0.1).catch(() => {}));
      await sleep(1);
    });
    const users = trace.events.filter(({ isInternal, task }) => !isInternal && task === null);
    assert.deepEqual(
      users.map(({ callback }) => callback),
      ['start', 'release', 'mine'],
    );
  });

  it('notes where each was scheduled if that is asked for', async () => {
    const loop = virtualLoop();
    const plain = loop.trace();
    const trace = loop.trace({ places: true });
    loop.callSoon(() => loop.stop());
    await loop.runForever();
    assert.equal(plain.events[0]?.place, null);
    const { file, line, column } = trace.events[0]?.place ?? assert.fail('no place');
    assert.match(file, /trace\.test\.[jt]s$/);
    assert.ok(line > 1 && column > 1);
  });

  it('says in which call a task ended, and how, and retrieves nothing of it', async () => {
    const loop = virtualLoop();
    const trace = loop.trace();
    await loop.runUntilComplete(async () => {
      const ends = loop.createTask(() => sleep(1), { name: 'ends' });
      const fails = loop.createTask(async () => sleep(2).then(() => Promise.reject(new Error('no'))), {
        name: 'fails',
      });
      const slow = loop.createTask(() => sleep(9), { name: 'slow' });
      await sleep(3);
      slow.cancel();
      await Promise.allSettled([ends, fails, slow]);
    });
    const of = (name: string): unknown[] =>
      trace.events.filter(({ task }) => task?.name === name).map(({ taskEnd }) => taskEnd);
    assert.deepEqual(
      [of('ends'), of('fails'), of('slow')],
      [
        [null, 'ok'],
        [null, 'exception'],
        [null, 'cancelled'],
      ],
    );
  });

  it('notes the arguments of callbacks if that is asked for', async () => {
    const loop = virtualLoop();
    const trace = loop.trace({ calls: true });
    loop.callSoon(function named(_n: number, _text: string) {}, 3, 'x');
    await loop.runUntilComplete(() => sleep(0));
    assert.equal(trace.events[0]?.call, "named(3, 'x')");
  });

  it('ends with stop(), or at the end of a using block, and keeps what it has', async () => {
    const loop = virtualLoop();
    const trace = loop.trace();
    {
      using inner = loop.trace();
      loop.callSoon(() => {});
      assert.equal(inner.events.length, 1);
    }
    loop.callSoon(() => loop.stop());
    await loop.runForever();
    assert.equal(trace.stop().length, 2);
    loop.callSoon(() => loop.stop());
    await loop.runForever();
    assert.equal(trace.stop().length, 2);
  });

  it('keeps as many events as it may, and counts the others', async () => {
    const loop = virtualLoop();
    const trace = loop.trace({ limit: 3 });
    for (let i = 0; i < 5; i++) loop.callSoon(() => {});
    loop.callSoon(() => loop.stop());
    await loop.runForever();
    assert.deepEqual([trace.events.length, trace.dropped], [3, 3]);
  });
});
