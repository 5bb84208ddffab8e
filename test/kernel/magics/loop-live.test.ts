/** `%loop live` on time that is moved by hand: what it shows, when, and that it rests when nothing can change. */
import assert from 'node:assert/strict';
import { newEventLoop, sleep, type EventLoop } from '../../../src/index.ts';
import { showLive, stopLive } from '../../../kernel/magics/loop-live.ts';
import type { LoopRows } from '../../../kernel/magics/loop-rows.ts';
import { FakeContext, type FakeWidget } from './fake-context.ts';

describe('%loop live', () => {
  let loop: EventLoop;
  let loops: EventLoop[];
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

  const show = (): Promise<void> =>
    showLive(
      context,
      () => loops,
      (milliseconds, fn) => {
        const entry = { milliseconds, fn };
        waiting = entry;
        return () => {
          if (waiting === entry) waiting = undefined;
        };
      },
    );

  beforeEach(async () => {
    loop = newEventLoop();
    loops = [loop];
    context = new FakeContext();
    waiting = undefined;
    await show();
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
    assert.match(html ?? '', /^<div class="tsloop-live">.*<li>hello\(\)<\/li>.*<td>later\(\)<\/td>/s);
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

  it('ends, and gives way to another', async () => {
    stopLive();
    stopLive();
    assert.equal(waiting, undefined);
    assert.equal(context.cellsRun, undefined);
    assert.match(JSON.stringify(context.shown.at(-1)), /no longer live/);
    const shown = context.shown.length;
    await show();
    await show();
    assert.equal(context.shown.length, shown + 3);
  });

  it('shows other loops while they have something to do', () => {
    const other = newEventLoop();
    loops = [loop, other];
    tick();
    assert.deepEqual(texts().length, 1, 'the first picture alone');
    other.callSoon(function elsewhere() {}); // oxlint-disable-line no-empty-function
    tick();
    assert.match(
      texts().join('|'),
      /^EventLoop: not running\n[^]*\n\nEventLoop: not running\n.*\nready: 1\n.*elsewhere/,
    );
    other.close();
  });

  it('says where timers and tasks come from, while it is there', async () => {
    const task = loop.createTask(() => sleep(0), { name: 'mine' });
    loop.callLater(60, () => undefined);
    tick();
    const [html] = context.shown.slice(-1).map((data) => data['text/html'] as string);
    assert.match(html ?? '', /<td>&lt;anonymous&gt;\(\)<\/td><td>loop-live\.test\.[jt]s:\d+<\/td>/);
    assert.match(
      html ?? '',
      /<td>mine<\/td><td>.*?<\/td><td>new<\/td><td>its turn<\/td>.*?<td>loop-live\.test\.[jt]s:\d+</,
    );
    stopLive();
    const later = loop.callLater(60, () => undefined);
    assert.equal(loop._placeOf(later), null);
    assert.equal(loop._taskPlaces, null);
    await loop.runUntilComplete(task);
  });

  it('tells what tasks wait for', async () => {
    const page = async (): Promise<string> => {
      await loop.runUntilComplete(() => sleep(0.001));
      context.shown.splice(0);
      tick();
      return context.shown.map((data) => data['text/html'] as string).join('');
    };
    const sleeper = loop.createTask(() => sleep(60), { name: 'sleeper' });
    const waiter = loop.createTask(async () => sleeper, { name: 'waiter' });
    const stray = loop.createTask(() => new Promise(() => {}), { name: 'stray' });
    const html = await page();
    assert.match(html, /<td>sleeper<\/td><td>.*?<\/td><td>waits<\/td><td>a sleep<\/td>/);
    assert.match(html, /<td>waiter<\/td><td>.*?<\/td><td>waits<\/td><td>task sleeper<\/td>/);
    assert.match(
      html,
      /<td>stray<\/td><td>.*?<\/td><td>waits<\/td><td>a promise that is not of the loop<\/td>/,
    );
    assert.match(html, /<td>the end of a sleep of sleeper<\/td>/);
    for (const task of [sleeper, waiter, stray]) task.cancel();
    await loop.runUntilComplete(() => sleep(0.001));
  });

  it('runs nothing, whatever tasks and callbacks are called', () => {
    const name = '<img src=x onerror=alert(1)>';
    loop.createTask(Promise.resolve(), { name });
    loop.callLater(
      60,
      Object.defineProperty(() => undefined, 'name', { value: name }),
    );
    tick();
    const html = context.shown.at(-1)?.['text/html'] as string;
    assert.match(html, /&lt;img[^]*&lt;img/);
    assert.doesNotMatch(html, /<img/);
  });

  describe('as a widget', () => {
    let widget: FakeWidget;
    const isWidget = (data: object | undefined): boolean =>
      data !== undefined && 'application/x-widget' in data;
    const rows = (): readonly LoopRows[] =>
      widget.sets.flatMap(({ loops: each }) => (each ? [each as readonly LoopRows[]] : [])).at(-1) ?? [];

    beforeEach(async () => {
      context = new FakeContext();
      context.hasWidgets = true;
      await show();
      const [made] = context.widgets;
      assert.ok(made);
      widget = made;
    });

    it('is shown when the page has what it takes, and a display until then', () => {
      assert.deepEqual(context.shown.map(isWidget), [false]);
      loop.callSoon(() => undefined);
      tick();
      assert.deepEqual(context.shown.map(isWidget), [false, false]);
      widget.send({ type: 'here' });
      assert.deepEqual(context.shown.map(isWidget), [false, false, true]);
      // Another page.
      widget.send({ type: 'here' });
      assert.equal(context.shown.length, 3);
      assert.match(JSON.stringify(context.shown[2]), /text\/html.*text\/plain/);
    });

    it('changes the widget alone while cells run, and what the notebook keeps when none does', () => {
      widget.send({ type: 'here' });
      context.shown.splice(0);
      loop.callLater(60, function later() {}); // oxlint-disable-line no-empty-function
      tick();
      assert.deepEqual(
        rows()[0]?.timers.map(({ call }) => call),
        ['later()'],
      );
      assert.deepEqual(context.shown, []);
      context.cellsRun?.(false);
      assert.deepEqual(context.shown.map(isWidget), [true]);
      assert.match(JSON.stringify(context.shown), /later\(\)/);
      assert.deepEqual(widget.sets.at(-1), { isRunning: false });
    });

    it('stands still while it is paused, and catches up afterwards', () => {
      widget.send({ type: 'here' });
      widget.change(true);
      assert.equal(waiting, undefined);
      const sets = widget.sets.length;
      loop.callSoon(function meanwhile() {}); // oxlint-disable-line no-empty-function
      assert.equal(widget.sets.length, sets);
      widget.change(false);
      assert.deepEqual(rows()[0]?.ready, ['meanwhile()']);
      assert.ok(waiting);
    });

    it('cancels the task that the page asks for, and only one that it has shown', async () => {
      const task = loop.createTask(() => sleep(60));
      const other = loop.createTask(() => sleep(60));
      await loop.runUntilComplete(() => sleep(0.001));
      tick();
      const [shown] = rows()[0]?.tasks ?? [];
      assert.ok(shown);
      widget.send({ type: 'cancel', task: 1000 });
      widget.send(null);
      widget.send({ type: 'cancel', task: shown.id });
      await loop.runUntilComplete(() => sleep(0.001));
      assert.deepEqual([task.cancelled(), other.cancelled()], [true, false]);
      tick();
      assert.equal(rows()[0]?.taskCount, 1);
      other.cancel();
      await loop.runUntilComplete(() => sleep(0.001));
    });

    it('leaves the display when the page closes it, which goes on', () => {
      widget.send({ type: 'here' });
      widget.change(true);
      widget.closeFromPage();
      assert.deepEqual(context.shown.map(isWidget), [false, true, false]);
      loop.callSoon(() => undefined);
      tick();
      assert.deepEqual(context.shown.map(isWidget), [false, true, false, false]);
    });

    it('says in the widget that it has ended, where a page that was loaded anew has no display to change', () => {
      widget.send({ type: 'here' });
      widget.send({ type: 'here' });
      stopLive();
      assert.equal(widget.isClosed, false);
      assert.equal(widget.sets.at(-1)?.['isLive'], false);
      assert.equal(isWidget(context.shown.at(-1)), false);
    });

    it('leaves a picture without a widget when it ends, also by the end of the process', () => {
      widget.send({ type: 'here' });
      const [first] = process.listeners('exit');
      (first as () => void)();
      assert.ok(widget.isClosed);
      assert.equal(isWidget(context.shown.at(-1)), false);
      assert.match(JSON.stringify(context.shown.at(-1)), /no longer live/);
      assert.ok(!process.listeners('exit').includes(first as () => void));
    });
  });
});
