/** `%typecheck` and `%%typecheck`: what is done with type errors. */
import { typecheckMode } from '../bridge.ts';
import { usageError } from './arguments.ts';
import type { CellMagic, LineMagic } from './magic.ts';

export const typecheck: LineMagic & CellMagic = {
  name: 'typecheck',
  usage: 'typecheck [on|warn|off]',
  summary:
    'Type errors keep a cell from running (on), are printed (warn), or nothing (off); as %%typecheck: for one cell.',
  completes: ['on', 'warn', 'off'],
  line(args, context) {
    if (args === '') {
      context.print(`%typecheck ${context.typecheck()}\n`);
      return;
    }
    const mode = typecheckMode(args);
    if (mode === undefined) throw usageError(typecheck);
    context.typecheck(mode);
  },
  cell() {
    // With one of the modes the line is taken away before its cell runs, as any other does.
    throw usageError({ usage: 'typecheck on|warn|off' }, '%%');
  },
};
