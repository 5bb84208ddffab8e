/** `%loop`: what the event loop is about to do, and what its tasks wait for. */
import { getEventLoop } from '../../src/policy.ts';
import { usageError } from './arguments.ts';
import { showLive, stopLive } from './loop-live.ts';
import { stateOf, textOfState } from './loop-state.ts';
import type { LineMagic } from './magic.ts';

export const loop: LineMagic = {
  name: 'loop',
  usage: 'loop [live [off]]',
  summary:
    'Shows the event loop: its time, what is ready and what is scheduled, and what its tasks wait for; with `live` as it changes.',
  completes: ['live', 'live off'],
  line(args, context) {
    if (args === '') context.print(textOfState(stateOf(getEventLoop())));
    else if (args === 'live') showLive(context, getEventLoop());
    else if (args === 'live off') stopLive();
    else throw usageError(loop);
  },
};
