/** Whether a console should run a text or ask for another line, magics and shell lines included. */
import { completeness, type Completeness } from '../language/cell.ts';
import { isHelp } from '../magics/help.ts';
import { splitCell } from '../magics/lines.ts';

export function cellCompleteness(code: string): Completeness {
  if (isHelp(code)) return { status: 'complete' };
  const parts = splitCell(code);
  // A cell magic takes lines until an empty one, as in IPython's check_complete().
  if (parts.kind === 'cellMagic') {
    const isEnded = /\n[^\S\n]*\n$/.test(code.endsWith('\n') ? code : `${code}\n`);
    return isEnded ? { status: 'complete' } : { status: 'incomplete', indent: '' };
  }
  const last = parts.segments.at(-1);
  if (last?.kind === 'shell' && /(?<!\\)(?:\\\\)*\\\s*$/.test(last.command))
    return { status: 'incomplete', indent: '' };
  return completeness(
    parts.segments.map((segment) => (segment.kind === 'source' ? segment.text : ';\n')).join(''),
  );
}
