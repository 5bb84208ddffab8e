/** `%%virtual`: runs a cell in virtual time. */
import { usageError } from './arguments.ts';
import type { CellMagic } from './magic.ts';

export const virtual: CellMagic = {
  name: 'virtual',
  usage: 'virtual',
  summary:
    'Runs the cell in virtual time: sleeps and timers of the loop take no time, in the same order; a deadlock is an error that names the tasks.',
  cell(args, body, context) {
    if (args !== '') throw usageError({ usage: 'virtual, with the code in the lines below' }, '%%');
    return context.virtually(() => context.evaluate(body));
  },
};
