/** `%autoreload`: whether an import takes what local files say now. */
import { usageError } from './arguments.ts';
import type { LineMagic } from './magic.ts';

type Mode = 'on' | 'all' | 'off';

let mode: Mode = 'on';

export function autoreloadMode(): Mode {
  return mode;
}

const meanings: Readonly<Record<Mode, string>> = {
  on: 'an import loads local files anew that have changed below the working directory',
  all: 'an import loads local files anew that have changed, wherever they lie',
  off: 'a file that was imported stays as it is',
};

export const autoreload: LineMagic = {
  name: 'autoreload',
  usage: 'autoreload [on | all | off]',
  summary:
    'Whether imports load local files anew that have changed: those below the working directory (on), all, or none (off).',
  line(args, context) {
    if (args !== '') {
      if (!Object.hasOwn(meanings, args)) throw usageError(autoreload);
      mode = args as Mode;
    }
    context.print(`autoreload is ${mode}: ${meanings[mode]}\n`);
  },
};
