import assert from 'node:assert/strict';
import type { TraceEvent } from '../../../src/trace.ts';
import { lanesOf } from '../../../kernel/timeline/lanes.ts';
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
    ...fields,
  };
}

const A = { id: 1, name: 'A' };

describe('the lanes of a timeline', () => {
  const labels = (events: readonly TraceEvent[]): string[] =>
    lanesOf(events, 10, 20).lanes.map(({ label, kind }) => `${kind} ${label}`);

  it('are one for each callback, with its arguments', () => {
    assert.deepEqual(labels([event({ call: 'f(1)' }), event({ call: 'f(2)' })]), [
      'callback f(1)',
      'callback f(2)',
    ]);
  });

  it('are one for all steps of a task', () => {
    const steps = [event({ task: A, kind: 'step' }), event({ task: A, kind: 'step', callback: 'wakeUp' })];
    assert.deepEqual(labels(steps), ['task A']);
    assert.equal(lanesOf(steps, 10, 20).lanes[0]?.runs.length, 2);
  });

  it('are one for a callback that asks for itself again', () => {
    const first = event({ callback: 'again', call: 'again(2)' });
    const second = event({ callback: 'again', call: 'again(1)', parent: first.handle });
    assert.deepEqual(labels([first, second]), ['callback again(2)']);
  });

  it('give a sleep to the task that sleeps, and one of nobody to the cell', () => {
    const step = event({ task: A, kind: 'step' });
    const asleep = event({ kind: 'sleep', callback: 'endSleep', parent: step.handle, due: 12, started: 12 });
    const cell = event({ kind: 'sleep', callback: 'endSleep', due: 15, started: null });
    const { lanes } = lanesOf([step, asleep, cell], 10, 20);
    assert.deepEqual(
      lanes.map(({ label, waits }) => [label, waits.map(({ from, to }) => [from, to])]),
      [
        ['A', [[0, 2]]],
        ['this cell', [[0, 10]]],
      ],
    );
  });

  it('leave out what the library calls for itself', () => {
    assert.deepEqual(lanesOf([event({ callback: '#taskDone' })], 10, 20).calls, 0);
  });

  it('number the calls in their order, whatever the order of asking', () => {
    const events = [
      event({ call: 'f(1)', kind: 'later', due: 12, started: 12 }),
      event({ call: 'f(2)', kind: 'later', due: 11, started: 11 }),
      event({ call: 'f(3)' }),
    ];
    const orders = lanesOf(events, 10, 20).lanes.map(({ label, runs }) => [label, runs[0]?.order]);
    assert.deepEqual(orders, [
      ['f(1)', 3],
      ['f(2)', 2],
      ['f(3)', 1],
    ]);
  });

  it('share the last one where there are more than forty', () => {
    const many = Array.from({ length: 100 }, (_, i) => event({ call: `f(${i})` }));
    const { lanes } = lanesOf(many, 10, 20);
    assert.equal(lanes.length, 41);
    assert.deepEqual([lanes[40]?.label, lanes[40]?.runs.length], ['all others', 60]);
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
      timelineText(lanesOf(events, 10, 20)),
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
    assert.match(timelineText(lanesOf([event({})], 10, 20, 5)), /and 5 more that were not recorded/);
  });
});

describe('the drawing of a timeline', () => {
  it('is an SVG that stands alone, and says what rests below the pointer', () => {
    const place = { file: 'In [3]', line: 2, column: 1 };
    const svg = timelineSvg(
      lanesOf([event({ call: 'f(1)', kind: 'later', due: 12, started: 12.5, ended: 12.75, place })], 10, 20),
    );
    assert.match(svg, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" data-tsloop="timeline"/);
    assert.match(svg, /<title>f\(1\), asked for in In \[3\]:2\nasked for at 0 ms, due at 2 s\n/);
    assert.match(svg, /called as number 1 at 2\.5 s, for 250 ms/);
  });

  it('runs nothing, whatever callbacks and tasks are called', () => {
    const name = '"><script>alert(1)</script>';
    const svg = timelineSvg(lanesOf([event({ call: name }), event({ task: { id: 1, name } })], 10, 20));
    assert.doesNotMatch(svg, /<script/);
  });

  it('marks a failed task and a cancelled call', () => {
    const failed = event({ task: A, kind: 'step', taskEnd: 'exception' });
    const cancelled = event({ kind: 'later', due: 15, started: null, cancelled: 11, outcome: 'cancelled' });
    const drawn = (one: TraceEvent): string =>
      timelineSvg(lanesOf([one], 10, 20)).split('asked for</text>')[0]!;
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
    const svg = timelineSvg(lanesOf(events, 10, 20));
    assert.ok(svg.length < 300_000, `${svg.length} characters`);
    assert.match(svg, /\d+ calls, number \d+ to \d+/);
  });

  it('says that there was nothing to do', () => {
    assert.match(timelineSvg(lanesOf([], 10, 20)), /The loop had nothing to do/);
  });
});
