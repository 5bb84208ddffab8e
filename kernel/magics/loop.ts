/** `%loop`: what the event loop is about to do, and what its tasks wait for. */
import { openLoops } from '../../src/policy.ts';
import { usageError } from './arguments.ts';
import { showLive, stopLive } from './loop-live.ts';
import { textOfLoops } from './loop-state.ts';
import type { LineMagic } from './magic.ts';

export const loop: LineMagic = {
  name: 'loop',
  usage: 'loop [live [off]]',
  summary:
    'Shows the event loop: its time, what is ready and what is scheduled, and what its tasks wait for; with `live` as it changes.',
  completes: ['live', 'live off'],
  async line(args, context) {
    if (args === '') context.print(textOfLoops(openLoops()));
    else if (args === 'live') await showLive(context, openLoops);
    else if (args === 'live off') stopLive();
    else throw usageError(loop);
  },
};
