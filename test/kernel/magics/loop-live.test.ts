/** `%loop live` on time that is moved by hand: what it shows, when, and that it rests when nothing can change. */
import assert from 'node:assert/strict';
import { newEventLoop, type EventLoop } from '../../../src/index.ts';
import { showLive, stopLive } from '../../../kernel/magics/loop-live.ts';
import { FakeContext } from './fake-context.ts';

describe('%loop live', () => {
  let loop: EventLoop;
  let context: FakeContext;
  /** What waits, with its milliseconds. */
  let waiting: { milliseconds: number; fn: () => void } | undefined;
  const tick = (): number => {
    const due = waiting;
    assert.ok(due, 'something waits');
    waiting = undefined;
    due.fn();
    return due.milliseconds;
  };
  const texts = (): string[] => context.shown.splice(0).map((data) => data['text/plain'] as string);

  beforeEach(() => {
    loop = newEventLoop();
    context = new FakeContext();
    waiting = undefined;
    showLive(context, loop, (milliseconds, fn) => {
      const entry = { milliseconds, fn };
      waiting = entry;
      return () => {
        if (waiting === entry) waiting = undefined;
      };
    });
  });
  afterEach(() => {
    stopLive();
    loop.close();
  });

  it('shows what changes, four times a second while a cell runs', () => {
    assert.match(
      texts().join('|'),
      /^EventLoop: not running\ntime: \S+ s\nready: 0\nscheduled: 0\ntasks: 0\n$/,
    );
    assert.equal(tick(), 250);
    assert.deepEqual(texts(), [], 'nothing has changed');
    loop.callSoon(function hello() {}); // oxlint-disable-line no-empty-function
    loop.callLater(60, function later() {}); // oxlint-disable-line no-empty-function
    assert.equal(tick(), 250);
    const [html] = context.shown.map((data) => data['text/html'] as string);
    assert.match(html ?? '', /^<div class="tsloop-live">.*&lt;Handle hello\(\).*&lt;TimerHandle/s);
    assert.match(
      texts().join('|'),
      /ready: 1\n {2}<Handle hello\(\).*\nscheduled: 1\n {2}in .*later\(\).*\n/,
    );
  });

  it('rests between cells until the next timer is due, and altogether without one', () => {
    context.cellsRun?.(false);
    assert.equal(waiting, undefined);
    context.cellsRun?.(true);
    const handle = loop.callLater(60, () => undefined);
    context.cellsRun?.(false);
    const { milliseconds = 0 } = waiting ?? {};
    assert.ok(milliseconds > 30_000 && milliseconds <= 60_001, `${milliseconds} ms`);
    handle.cancel();
    tick();
    assert.equal(waiting, undefined);
    assert.match(texts().at(-1) ?? '', /scheduled: 0/);
  });

  it('goes on behind a cell that leaves something to be done at once', () => {
    loop.callSoon(() => undefined);
    context.cellsRun?.(false);
    assert.equal(tick(), 250);
    assert.ok(waiting);
  });

  it('ends, and gives way to another', () => {
    stopLive();
    stopLive();
    assert.equal(waiting, undefined);
    assert.equal(context.cellsRun, undefined);
    assert.match(JSON.stringify(context.shown.at(-1)), /no longer live/);
    const shown = context.shown.length;
    showLive(context, loop, () => () => undefined);
    showLive(context, loop, () => () => undefined);
    assert.equal(context.shown.length, shown + 3);
  });
});
