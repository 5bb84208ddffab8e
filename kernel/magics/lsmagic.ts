/** `%lsmagic`: the list of magics. */
import { usageError } from './arguments.ts';
import type { LineMagic, Magic } from './magic.ts';

/** @param magics gives the registry's list, which this magic is itself part of */
export function makeLsmagic(magics: () => readonly Magic[]): LineMagic {
  const lsmagic: LineMagic = {
    name: 'lsmagic',
    usage: 'lsmagic',
    summary: 'Lists all magics.',
    line(args, context) {
      if (args !== '') throw usageError(lsmagic);
      const rows = magics()
        .flatMap((magic) => calls(magic).map((call) => ({ call, summary: magic.summary })))
        .sort((a, b) => (a.call < b.call ? -1 : 1));
      const width = Math.max(...rows.map(({ call }) => call.length)) + 2;
      const list = rows.map(({ call, summary }) => `${call.padEnd(width)}${summary}\n`).join('');
      context.print(`${list}${'!COMMAND'.padEnd(width)}Runs COMMAND by the shell.\n`);
    },
  };
  return lsmagic;
}

function calls(magic: Magic): string[] {
  const line = 'line' in magic ? [`%${magic.usage}`] : [];
  const cell = 'cell' in magic ? [`%%${'line' in magic ? magic.name : magic.usage}`] : [];
  return [...line, ...cell];
}
