/** A cell with `!` and `%` lines → TypeScript, line for line, in which these lines are calls to the session. */
import { HOST } from '../bridge.ts';
import { splitShell } from '../magics/interpolate.ts';
import type { CellParts, MagicSegment, Segment } from '../magics/lines.ts';

function shellCall(command: string): string {
  const parts = splitShell(command).map((part) =>
    typeof part === 'string' ? JSON.stringify(part) : `${HOST}.text(${part.expr})`,
  );
  return `await ${HOST}.shell(${parts.join(', ')});`;
}

function magicCall(name: string, args: string): string {
  return `await ${HOST}.magic(${JSON.stringify(name)}, ${JSON.stringify(args)});`;
}

/** Places outside of `!` and `%` lines stay where they were. */
export function assemble(segments: readonly Segment[]): string {
  return segments
    .map((segment, index) => {
      if (segment.kind === 'source') return segment.text;
      const call =
        segment.kind === 'shell' ? shellCall(segment.command) : magicCall(segment.name, segment.args);
      const lines = segment.lines - (call.split('\n').length - 1);
      // The last line of a cell may have no line break, and needs none.
      return call + '\n'.repeat(Math.max(0, index === segments.length - 1 ? lines - 1 : lines));
    })
    .join('');
}

/**
 * What runs of a cell, or of the rest of one below a `%%` magic. A `%%` magic in the midst of it runs alone: the rest
 * may be anything but TypeScript, and it is the magic that says what is wrong.
 */
export function assembleCell(parts: CellParts): string {
  if (parts.kind === 'cellMagic') return magicCall(`%${parts.name}`, parts.args);
  const late = parts.segments.find(
    (segment): segment is MagicSegment => segment.kind === 'magic' && segment.name.startsWith('%'),
  );
  return late ? magicCall(late.name, late.args) : assemble(parts.segments);
}
