/** `%%timeline`: runs a cell, and draws what the event loop did meanwhile. */
import { getEventLoop } from '../../src/policy.ts';
import { lanesOf } from '../timeline/lanes.ts';
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
      const loop = getEventLoop();
      const start = loop.time();
      const trace = loop.trace({ places: true, calls: true, limit: MOST_EVENTS });
      let hasRun = false;
      try {
        const value = await context.evaluate(body);
        hasRun = true;
        return value;
      } finally {
        const events = trace.stop();
        // Also of a cell that fails: then it is looked at most. But a syntax error has no picture.
        if (hasRun || events.length > 0) {
          const drawn = lanesOf(events, start, loop.time(), trace.dropped);
          const svg = timelineSvg(drawn);
          context.show({ 'text/html': svg, 'image/svg+xml': svg, 'text/plain': timelineText(drawn) });
        }
      }
    };
    return args === 'virtual' ? context.virtually(run) : run();
  },
};
