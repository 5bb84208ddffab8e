import assert from 'node:assert/strict';
import fc from 'fast-check';
import { newEventLoop, type Handle } from '../../src/index.ts';
import { virtualTime } from '../../src/testing/virtual-time.ts';

/** What a callback does when it is called: schedules others, cancels one that was scheduled before. */
type Action =
  | { readonly soon: Program }
  | { readonly later: number; readonly program: Program }
  | { readonly cancel: number };
type Program = readonly Action[];

/** How a program schedules: on the loop, or on the model below. */
interface Scheduler {
  time(): number;
  soon(callback: () => void): { cancel(): void };
  later(delay: number, callback: () => void): { cancel(): void };
}

/** Starts a program; returns where the calls of its callbacks are noted, as `number at time`. */
function start(program: Program, scheduler: Scheduler): string[] {
  const calls: string[] = [];
  const handles: Array<{ cancel(): void }> = [];
  let next = 0;
  const perform = (actions: Program): void => {
    for (const action of actions) {
      if ('cancel' in action) handles[action.cancel % Math.max(handles.length, 1)]?.cancel();
      else {
        const id = next++;
        const callback = (): void => {
          calls.push(`${id} at ${scheduler.time()}`);
          perform('soon' in action ? action.soon : action.program);
        };
        handles.push('soon' in action ? scheduler.soon(callback) : scheduler.later(action.later, callback));
      }
    }
  };
  perform(program);
  return calls;
}

/** Rule 19 in plain arrays, as slow and as obvious as can be. */
function runModel(program: Program): string[] {
  interface Entry {
    when: number;
    callback: () => void;
    cancelled: boolean;
    cancel(): void;
  }
  let now = 0;
  let ready: Entry[] = [];
  let timers: Entry[] = [];
  const entry = (when: number, callback: () => void): Entry => ({
    when,
    callback,
    cancelled: false,
    cancel() {
      this.cancelled = true;
    },
  });
  const add = (list: Entry[], made: Entry): Entry => (list.push(made), made);
  const calls = start(program, {
    time: () => now,
    soon: (callback) => add(ready, entry(0, callback)),
    later: (delay, callback) => add(timers, entry(now + delay, callback)),
  });
  for (;;) {
    timers = timers.filter((timer) => !timer.cancelled).toSorted((a, b) => a.when - b.when);
    if (ready.length === 0 && timers.length === 0) return calls;
    if (ready.length === 0) now = Math.max(now, (timers[0] as Entry).when);
    const due = timers.filter((timer) => timer.when < now + 1e-9);
    timers = timers.filter((timer) => !due.includes(timer));
    const batch = [...ready, ...due];
    ready = [];
    for (const called of batch) if (!called.cancelled) called.callback();
  }
}

async function runLoop(program: Program): Promise<string[]> {
  const loop = newEventLoop({
    ...virtualTime(),
    exceptionHandler: (_loop, { exception: error }) => calls.push(String(error)),
  });
  const calls = start(program, {
    time: () => loop.time(),
    soon: (callback): Handle => loop.callSoon(callback),
    later: (delay, callback): Handle => loop.callLater(delay, callback),
  });
  // Long after all else: programs are at most five deep, with delays of at most 3 s.
  loop.callLater(1000, () => loop.stop());
  await loop.runForever();
  loop.close();
  return calls;
}

const { program } = fc.letrec<{ program: Program; action: Action }>((tie) => ({
  program: fc.array(tie('action'), { maxLength: 6, depthIdentifier: 'calls' }),
  action: fc.oneof(
    { depthIdentifier: 'calls', maxDepth: 5 },
    fc.record({ cancel: fc.nat(20) }),
    fc.record({ soon: tie('program') }),
    fc.record({ later: fc.constantFrom(-1, 0, 0.5, 1, 1, 2, 3), program: tie('program') }),
  ),
}));

describe('the order of calls', () => {
  it('is that of asyncio for any program of callSoon, callLater and cancel (rules 16-21, 30, 31, 35, 37)', () =>
    fc.assert(
      fc.asyncProperty(program, async (any) => {
        assert.deepEqual(await runLoop(any), runModel(any));
      }),
      { numRuns: 200 },
    ));
});
