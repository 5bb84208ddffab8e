import assert from 'node:assert/strict';
import type { TraceEvent } from '../../../src/trace.ts';
import { lanesOf as lanesOfAll, type Timeline } from '../../../kernel/timeline/lanes.ts';
import { timelineSvg } from '../../../kernel/timeline/svg.ts';
import { timelineText } from '../../../kernel/timeline/text.ts';

let handles = 0;

/** An event with what matters, the rest as of a callback that was asked for at 10 and called at once. */
function event(fields: Partial<TraceEvent>): TraceEvent {
  const scheduled = fields.scheduled ?? 10;
  const started = fields.started === undefined ? scheduled : fields.started;
  return {
    handle: ++handles,
    parent: null,
    task: null,
    kind: 'soon',
    callback: 'f',
    call: null,
    scheduled,
    due: scheduled,
    started,
    ended: started,
    took: 0,
    cancelled: null,
    outcome: 'ok',
    taskEnd: null,
    place: null,
    isInternal: false,
    turn: started === null ? null : handles,
    ...fields,
  };
}

/** The lanes of one loop, from 10 to 20 s. */
function lanesOf(events: readonly TraceEvent[], dropped: number = 0): Timeline {
  return lanesOfAll([{ loop: 'PersistentLoop', events, start: 10, end: 20, offset: 0, dropped }]);
}

const A = { id: 1, name: 'A' };

describe('the lanes of a timeline', () => {
  const labels = (events: readonly TraceEvent[]): string[] =>
    lanesOf(events).lanes.map(({ label, kind }) => `${kind} ${label}`);

  it('are one for each callback, with its arguments', () => {
    assert.deepEqual(labels([event({ call: 'f(1)' }), event({ call: 'f(2)' })]), [
      'callback f(1)',
      'callback f(2)',
    ]);
  });

  it('are one for all steps of a task', () => {
    const steps = [event({ task: A, kind: 'step' }), event({ task: A, kind: 'step', callback: 'wakeUp' })];
    assert.deepEqual(labels(steps), ['task A']);
    assert.equal(lanesOf(steps).lanes[0]?.runs.length, 2);
  });

  it('are one for a callback that asks for itself again', () => {
    const first = event({ callback: 'again', call: 'again(2)' });
    const second = event({ callback: 'again', call: 'again(1)', parent: first.handle });
    assert.deepEqual(labels([first, second]), ['callback again(2)']);
  });

  it('give a sleep to the task that sleeps, and one of nobody to the cell', () => {
    const step = event({ task: A, kind: 'step' });
    const asleep = event({
      kind: 'sleep',
      callback: 'endSleep',
      isInternal: true,
      parent: step.handle,
      due: 12,
      started: 12,
    });
    const cell = event({ kind: 'sleep', callback: 'endSleep', isInternal: true, due: 15, started: null });
    const { lanes } = lanesOf([step, asleep, cell]);
    assert.deepEqual(
      lanes.map(({ label, waits }) => [label, waits.map(({ from, to }) => [from, to])]),
      [
        ['A', [[0, 2]]],
        ['this cell', [[0, 10]]],
      ],
    );
  });

  it('leave out what the library calls for itself', () => {
    const { calls, lanes } = lanesOf([
      event({ callback: '#taskDone', isInternal: true }),
      event({ callback: 'start' }),
    ]);
    assert.deepEqual(
      [calls.length, lanes.map(({ label, runs }) => [label, runs.length])],
      [
        1,
        [
          ['this cell', 0],
          ['start', 1],
        ],
      ],
    );
  });

  it('number the calls in their order, whatever the order of asking', () => {
    const events = [
      event({ call: 'f(1)', kind: 'later', due: 12, started: 12 }),
      event({ call: 'f(2)', kind: 'later', due: 11, started: 11 }),
      event({ call: 'f(3)' }),
    ];
    const orders = lanesOf(events).lanes.map(({ label, runs }) => [label, runs[0]?.order]);
    assert.deepEqual(orders, [
      ['f(1)', 3],
      ['f(2)', 2],
      ['f(3)', 1],
    ]);
  });

  it('begin when there is something to draw, not with what the compiler did before', () => {
    const timeline = lanesOf([event({ call: 'f(1)', scheduled: 12, started: 14 })]);
    const [run] = timeline.lanes[0]?.runs ?? [];
    assert.deepEqual([run?.asked, run?.began, timeline.length], [0, 2, 8]);
    const older = lanesOf([event({ scheduled: null, started: 11 }), event({ scheduled: 12 })]);
    assert.deepEqual(
      older.lanes.map(({ runs }) => [runs[0]?.asked, runs[0]?.began]),
      [
        [0, 0],
        [1, 1],
      ],
    );
  });

  it('number calls at the same time by their turn', () => {
    const events = [
      event({ task: A, kind: 'step', started: 10, turn: 1 }),
      event({ task: A, kind: 'step', started: 10, turn: 3 }),
      event({ call: 'f(2)', started: 10, turn: 2 }),
    ];
    assert.deepEqual(
      lanesOf(events).lanes.map(({ runs }) => runs.map(({ order }) => order)),
      [[1, 3], [2]],
    );
  });

  it('have a bar for what a task does after a sleep of zero', () => {
    const { lanes } = lanesOf([
      event({ task: A, kind: 'step' }),
      event({ task: A, kind: 'sleep', isInternal: true }),
    ]);
    assert.deepEqual(
      lanes.map(({ label, runs, waits }) => [label, runs.length, waits.length]),
      [['A', 2, 0]],
    );
  });

  it('are one for a task that was made of a promise', () => {
    const made = event({
      task: A,
      kind: 'promise',
      callback: 'promise',
      scheduled: 11,
      ended: 13,
      taskEnd: 'exception',
    });
    const { lanes } = lanesOf([
      made,
      event({ task: { id: 2, name: 'B' }, kind: 'promise', outcome: 'running', ended: null }),
    ]);
    assert.deepEqual(
      lanes.map(({ label, kind, waits }) => [
        label,
        kind,
        ...waits.map(({ what, from, to, end }) => [what, from, to, end]),
      ]),
      [
        ['A', 'task', ['promise', 1, 3, 'failed']],
        ['B', 'task', ['promise', 0, 10, 'goes on']],
      ],
    );
  });

  it('stand together by their loops, whose calls are numbered in one order, each by its own clock', () => {
    const [begin, none] = [
      { offset: 0, dropped: 1 },
      { events: [], dropped: 0 },
    ];
    const { lanes, length, dropped } = lanesOfAll([
      {
        loop: 'PersistentLoop',
        events: [event({ call: 'f(1)', scheduled: 12 }), event({ call: 'f(2)', scheduled: 11 })],
        start: 10,
        end: 20,
        ...begin,
      },
      { loop: 'EventLoop 1', ...none, start: 0, end: 5000, offset: 1 },
      {
        loop: 'EventLoop 2',
        events: [event({ call: 'g()', scheduled: 0.5 })],
        start: 0,
        end: 60,
        offset: 1,
        dropped: 2,
      },
    ]);
    assert.deepEqual(
      lanes.map(({ loop, label, runs }) => [loop, label, runs[0]?.began, runs[0]?.order]),
      [
        ['PersistentLoop', 'f(1)', 1, 3],
        ['PersistentLoop', 'f(2)', 0, 1],
        ['EventLoop 2', 'g()', 0.5, 2],
      ],
    );
    assert.deepEqual([length, dropped], [60, 3]);
  });

  it('share the last one where there are more than forty', () => {
    const many = Array.from({ length: 100 }, (_, i) => event({ call: `f(${i})` }));
    const { lanes } = lanesOf(many);
    assert.equal(lanes.length, 41);
    assert.deepEqual([lanes[40]?.label, lanes[40]?.runs.length], ['60 others', 60]);
  });
});

describe('the text of a timeline', () => {
  it('tells each call in order, when it was due, and how it ended', () => {
    const events = [
      event({ call: 'f(1)', kind: 'later', due: 12, started: 12.25 }),
      event({ call: 'g()', outcome: 'exception', started: 10.5 }),
      event({ call: 'never()', kind: 'later', due: 15, started: null, cancelled: 11, outcome: 'cancelled' }),
      event({ task: A, kind: 'step', started: 13, taskEnd: 'cancelled' }),
    ];
    assert.equal(
      timelineText(lanesOf(events)),
      [
        'timeline of 10 s: 3 calls',
        '  g()      1. called at 500 ms, failed',
        '  f(1)     2. due at 2 s, called at 2.3 s',
        '  A        3. called at 3 s, ended as cancelled',
        '  never()  due at 5 s, cancelled at 1 s',
      ].join('\n'),
    );
  });

  it('says what there was no room for', () => {
    assert.match(timelineText(lanesOf([event({})], 5)), /and 5 more that were not recorded/);
  });
});

describe('the drawing of a timeline', () => {
  it('is an SVG that stands alone, and says what rests below the pointer', () => {
    const place = { file: 'In [3]', line: 2, column: 1 };
    const svg = timelineSvg(
      lanesOf([event({ call: 'f(1)', kind: 'later', due: 12, started: 12.5, ended: 12.75, place })]),
    );
    assert.match(svg, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" data-tsloop="timeline"/);
    assert.match(svg, /<title>f\(1\), asked for in In \[3\]:2\nasked for at 0 ms, due at 2 s\n/);
    assert.match(svg, /called as number 1 at 2\.5 s, for 250 ms/);
  });

  it('runs nothing, whatever callbacks and tasks are called', () => {
    const name = '"><script>alert(1)</script>';
    const svg = timelineSvg(lanesOf([event({ call: name }), event({ task: { id: 1, name } })]));
    assert.doesNotMatch(svg, /<script/);
  });

  it('marks a failed task and a cancelled call', () => {
    const failed = event({ task: A, kind: 'step', taskEnd: 'exception' });
    const cancelled = event({ kind: 'later', due: 15, started: null, cancelled: 11, outcome: 'cancelled' });
    const drawn = (one: TraceEvent): string =>
      timelineSvg(lanesOf([one]))
        .split('its turn</text>')[0]!
        .split('asked for</text>')[0]!;
    assert.match(drawn(failed), />!<\/text>/);
    assert.match(drawn(cancelled), />×<\/text>/);
    assert.doesNotMatch(drawn(event({})), />[!×]<\/text>/);
  });

  it('folds ten thousand calls into a size that can be read and kept', () => {
    const events: TraceEvent[] = [];
    for (let task = 1; task <= 50; task++) {
      for (let i = 0; i < 200; i++) {
        const at = 10 + (i * task) / 1000;
        const step = event({
          task: { id: task, name: `T${task}` },
          kind: 'step',
          scheduled: at,
          started: at,
        });
        events.push(
          step,
          event({
            kind: 'sleep',
            parent: step.handle,
            scheduled: at,
            due: at + task / 1000,
            started: at + task / 1000,
          }),
        );
      }
    }
    const svg = timelineSvg(lanesOf(events));
    assert.ok(svg.length < 300_000, `${svg.length} characters`);
    assert.match(svg, /\d+ calls, number \d+ to \d+/);
  });

  it('names the calls in their order, and the signs that it has, and no others', () => {
    const words = (...events: TraceEvent[]): string[] =>
      [...timelineSvg(lanesOf(events)).matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map(([, each = '']) => each);
    const few = words(event({ call: 'f(1)', kind: 'later', due: 12, started: 12 }), event({ call: 'f(2)' }));
    const at = few.indexOf('Called in this order:');
    assert.deepEqual(few.slice(at + 1, at + 5), ['1.', 'f(2)', '2.', 'f(1)']);
    assert.deepEqual(few.slice(at + 5), ['a callback runs', '1', 'its turn', 'asked for', 'due', 'late']);
    const task = words(event({ task: A, kind: 'promise', taskEnd: 'exception' }));
    assert.deepEqual(task.slice(-4), [
      '!',
      'its promise, which is not the loop’s, is pending',
      '!',
      'failed',
    ]);
  });

  it('says above the lanes of each loop which one it is, where there are several', () => {
    const one = { events: [event({})], start: 10, end: 20, offset: 0, dropped: 0 };
    const svg = (...loops: string[]): string =>
      timelineSvg(lanesOfAll(loops.map((loop) => ({ loop, ...one }))));
    assert.doesNotMatch(svg('PersistentLoop'), />PersistentLoop</);
    assert.match(svg('PersistentLoop', 'EventLoop 1'), />PersistentLoop<.*>EventLoop 1</s);
    const text = timelineText(
      lanesOfAll(['PersistentLoop', 'EventLoop 1'].map((loop) => ({ loop, ...one }))),
    );
    assert.match(text, /^ {2}PersistentLoop: f +1\. .*\n {2}EventLoop 1: f +2\. /m);
  });

  it('has a paler bar where less of the time of many calls was spent in them', () => {
    const calls = (took: number): TraceEvent[] =>
      Array.from({ length: 1000 }, (_, i) =>
        event({ task: A, kind: 'step', scheduled: 10 + i / 100, ended: 10 + i / 100 + took }),
      );
    const opacity = (took: number): number =>
      Number(/fill-opacity="([\d.]+)"/.exec(timelineSvg(lanesOf(calls(took))))?.[1]);
    assert.ok(opacity(0.009) > 0.8 && opacity(0.0001) < 0.5, `${opacity(0.009)} ${opacity(0.0001)}`);
  });

  it('says that there was nothing to do', () => {
    assert.match(timelineSvg(lanesOf([])), /The loop had nothing to do/);
  });
});
