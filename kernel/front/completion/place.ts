/** What the cursor is in: TypeScript, a `!` line, or a magic's name or arguments. */
import { splitCell } from '../../magics/lines.ts';
import { runsCell, takesTypeScript, typescriptView } from '../../magics/typescript-view.ts';

export type Place =
  /** `text` is the cell, position for position, with all that is no TypeScript blank. */
  | { readonly kind: 'typescript'; readonly text: string }
  /** `command` reaches up to the cursor. */
  | { readonly kind: 'shell'; readonly command: string }
  | { readonly kind: 'magicName'; readonly form: 'line' | 'cell'; readonly typed: string }
  | { readonly kind: 'magicArguments'; readonly name: string; readonly typed: string }
  | { readonly kind: 'nothing' };

const nothing: Place = { kind: 'nothing' };

/** The cell magics whose body is a script of the shell's. */
const scripts = new Set(['bash', 'sh']);

/** @param offset the cursor, in UTF-16 code units */
export function placeOf(code: string, offset: number): Place {
  const before = code.slice(code.lastIndexOf('\n', offset - 1) + 1, offset);
  // A percent sign alone is no magic; with a letter behind it, it becomes the one that is being typed.
  const isBare = /^[ \t]*%%?$/.test(before);
  const whole = isBare ? `${code.slice(0, offset)}x${code.slice(offset)}` : code;
  const parts = splitCell(whole);
  if (parts.kind === 'cellMagic') {
    const head = whole.slice(0, whole.length - parts.body.length);
    if (offset < head.length || !head.endsWith('\n')) return inMagicLine(code, before);
    if (scripts.has(parts.name)) return { kind: 'shell', command: code.slice(head.length, offset) };
    // The cell below is one as any other, with lines of its own.
    const inner = runsCell.has(parts.name) ? placeOf(parts.body, offset - head.length) : nothing;
    return inner.kind === 'typescript' ? inTypeScript(code) : inner;
  }
  const last = parts.segments.at(-1);
  const segment = parts.segments.find(({ start, end }) => start <= offset && offset < end);
  const at = segment ?? (last && !whole.endsWith('\n') ? last : undefined);
  if (at?.kind === 'shell') return { kind: 'shell', command: code.slice(at.commandStart, offset) };
  if (at?.kind !== 'magic') return inTypeScript(code);
  return at.name.startsWith('%') ? nothing : inMagicLine(code, before);
}

function inTypeScript(code: string): Place {
  return { kind: 'typescript', text: typescriptView(code).text };
}

/** @param before the line up to the cursor */
function inMagicLine(code: string, before: string): Place {
  const [, percent, typed] = /^\s*(%%?)(\w*)$/.exec(before) ?? [];
  if (percent !== undefined && typed !== undefined)
    return { kind: 'magicName', form: percent === '%' ? 'line' : 'cell', typed };
  const [, name, args] = /^\s*%%?(\w+)[ \t]+(.*)$/.exec(before) ?? [];
  if (name === undefined || args === undefined) return nothing;
  return takesTypeScript.has(name) && !before.trimStart().startsWith('%%')
    ? inTypeScript(code)
    : { kind: 'magicArguments', name, typed: args };
}
