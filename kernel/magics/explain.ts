/** What Shift-Tab says on a `%` or `!` line: how the magic is called and what it does. */
import { splitCell } from './lines.ts';
import type { Magic } from './magic.ts';
import { magics } from './registry.ts';

export interface MagicExplanation {
  /** How it is called, one way a line. */
  readonly usage: string;
  readonly summary: string;
}

const shell: MagicExplanation = {
  usage: '!COMMAND',
  summary:
    "Runs the command in the system's shell and shows what it prints. {expression} is replaced by the value of the " +
    'TypeScript in it; a line that ends with \\ goes on in the next. await $`command` gives what a command prints as a value.',
};

function ofMagic(magic: Magic): MagicExplanation {
  const marks = [...('line' in magic ? ['%'] : []), ...('cell' in magic ? ['%%'] : [])];
  return { usage: marks.map((mark) => mark + magic.usage).join('\n'), summary: magic.summary };
}

function named(name: string): MagicExplanation | undefined {
  const magic = magics.find((candidate) => candidate.name === name);
  return magic && ofMagic(magic);
}

/**
 * @param offset a place in the cell, in UTF-16 units
 * @returns 'none' on such a line that is not to be explained: it is no TypeScript either. Undefined elsewhere.
 */
export function explainMagic(code: string, offset: number): MagicExplanation | 'none' | undefined {
  // What stands behind the cursor may not be finished, and says nothing about the line that it is in.
  const lineEnd = code.indexOf('\n', offset);
  const parts = splitCell(lineEnd === -1 ? code : code.slice(0, lineEnd));
  if (parts.kind === 'cellMagic') {
    const head = code.length - code.trimStart().length;
    const bodyStart = code.indexOf('\n', head);
    if (bodyStart === -1 || offset <= bodyStart) return named(parts.name) ?? 'none';
    // Of magics that take TypeScript the view shows it, see typescript-view.ts.
    return undefined;
  }
  const segment = parts.segments.find(({ start, end }) => start <= offset && offset <= end && end > start);
  const last = parts.segments.at(-1);
  // Behind the last character of a line that the cell ends with.
  const found =
    segment?.kind === 'source' && last && last.kind !== 'source' && last.start <= offset ? last : segment;
  if (found === undefined || found.kind === 'source') return undefined;
  if (found.kind === 'shell') return shell;
  // The arguments of %time are TypeScript.
  const args = code.lastIndexOf(found.args, found.end);
  if (found.name === 'time' && found.args !== '' && offset >= args) return undefined;
  return named(found.name.replace(/^%/, '')) ?? 'none';
}
