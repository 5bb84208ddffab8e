/** `%%timeline`: runs a cell, and draws what the event loop did meanwhile. */
import type { EventLoop } from '../../src/loop.ts';
import { loopName, watchLoops } from '../../src/made-loops.ts';
import { openLoops } from '../../src/policy.ts';
import { lanesOf, type Recorded } from '../timeline/lanes.ts';
import { timelineHtml } from '../timeline/html.ts';
import { timelineSvg } from '../timeline/svg.ts';
import { timelineText } from '../timeline/text.ts';
import { usageError } from './arguments.ts';
import type { CellMagic } from './magic.ts';

/** More than that a drawing does not tell apart, and a trace of it takes memory. */
const MOST_EVENTS = 20_000;

export const timeline: CellMagic = {
  name: 'timeline',
  usage: 'timeline [virtual]',
  summary:
    'Runs the cell, and draws what the event loop did: who asked for what, when it was due, when it ran. `virtual`: in virtual time.',
  completes: ['virtual'],
  async cell(args, body, context) {
    if (args !== '' && args !== 'virtual')
      throw usageError({ usage: 'timeline [virtual], with the code in the lines below' }, '%%');
    const run = async (): Promise<unknown> => {
      const recording = new Recording();
      let hasRun = false;
      try {
        const value = await context.evaluate(body);
        hasRun = true;
        return value;
      } finally {
        const records = recording.stop();
        // Also of a cell that fails: then it is looked at most. But a syntax error has no picture.
        if (hasRun || records.some(({ events }) => events.length > 0)) {
          const drawn = lanesOf(records);
          const svg = timelineSvg(drawn);
          context.show({
            'text/html': timelineHtml(svg),
            'image/svg+xml': svg,
            'text/plain': timelineText(drawn),
          });
        }
      }
    };
    return args === 'virtual' ? context.virtually(run) : run();
  },
};

/** What the loops of the session do, those included that are made meanwhile. */
class Recording {
  readonly #stops: Array<() => Recorded> = [];
  readonly #unwatch: () => void;
  /** Seconds since the recording's beginning, by the notebook's loop, whose time may be virtual. */
  readonly #now: () => number;

  constructor() {
    const loops = openLoops();
    const [first] = loops;
    const begun = first?.time() ?? 0;
    this.#now = () => (first === undefined ? 0 : first.time() - begun);
    for (const loop of loops) this.#record(loop);
    this.#unwatch = watchLoops((loop) => this.#record(loop));
  }

  #record(loop: EventLoop): void {
    const [start, offset] = [loop.time(), this.#now()];
    const trace = loop.trace({ places: true, calls: true, limit: MOST_EVENTS });
    this.#stops.push(() => {
      const events = trace.stop();
      return { loop: loopName(loop), events, start, end: loop.time(), offset, dropped: trace.dropped };
    });
  }

  /** Ends it. Of each loop, what it did. */
  stop(): Recorded[] {
    this.#unwatch();
    return this.#stops.map((stop) => stop());
  }
}
