/**
 * What of a cell's text is TypeScript: the same text, position for position, in which everything else is
 * blank. It is what is type-checked and completed; what runs is made by the runtime's assemble.ts.
 */
import { type TypecheckMode, typecheckMode } from '../bridge.ts';
import { type Segment, splitCell } from './lines.ts';

/** Line magics whose argument is TypeScript that runs in the session. */
export const takesTypeScript: ReadonlySet<string> = new Set(['time']);

/** Cell magics that run the rest of the cell in the session, `!` and `%` lines included. */
export const runsCell: ReadonlySet<string> = new Set(['time', 'timeline', 'typecheck', 'virtual']);

/** Offsets and line breaks stay. */
function blank(text: string): string {
  return text.replace(/[^\r\n]/g, ' ');
}

/** The semicolon ends the statement above, as the call does that runs here. */
function ended(line: string): string {
  return line.replace(/^ /, ';');
}

function lineView(segment: Exclude<Segment, { kind: 'source' }>, text: string): string {
  if (segment.kind !== 'magic' || segment.args === '' || !takesTypeScript.has(segment.name))
    return blank(text);
  const start = text.lastIndexOf(segment.args);
  return blank(text.slice(0, start)) + segment.args + text.slice(start + segment.args.length);
}

export interface TypeScriptView {
  readonly text: string;
  /** As the cell itself asks for, by `%%typecheck MODE` or a `%typecheck MODE` line. */
  readonly mode?: TypecheckMode;
}

/** Never throws: what is no cell at all is all TypeScript. */
export function typescriptView(code: string): TypeScriptView {
  const parts = splitCell(code);
  if (parts.kind === 'cellMagic') {
    const head = blank(code.slice(0, code.length - parts.body.length));
    const isTypecheck = parts.name === 'typecheck';
    const mode = isTypecheck ? typecheckMode(parts.args) : undefined;
    // With a mode that there is not, and with a second cell magic below another one than this, nothing runs.
    const runs = isTypecheck
      ? mode !== undefined
      : runsCell.has(parts.name) && splitCell(parts.body).kind === 'code';
    if (!runs) return { text: blank(code) };
    const inner = typescriptView(parts.body);
    return { ...inner, ...(mode === undefined ? {} : { mode }), text: head + inner.text };
  }
  // A cell magic that is not in the first line: nothing of the cell will run, see runtime.ts.
  const isLate = parts.segments.some(
    ({ kind, ...rest }) => kind === 'magic' && 'name' in rest && rest.name.startsWith('%'),
  );
  if (isLate) return { text: blank(code) };
  let mode: TypecheckMode | undefined;
  // Behind a semicolon a comment like @ts-nocheck would no more be at the top.
  let hasCode = false;
  const text = parts.segments
    .map((segment) => {
      if (segment.kind === 'source') {
        hasCode ||= segment.text.trim() !== '';
        return segment.text;
      }
      if (segment.kind === 'magic' && segment.name === 'typecheck')
        mode = typecheckMode(segment.args) ?? mode;
      const line = lineView(segment, code.slice(segment.start, segment.end));
      return hasCode ? ended(line) : line;
    })
    .join('');
  return mode === undefined ? { text } : { text, mode };
}

/**
 * The cell without its `%%typecheck MODE` line, which is no code that runs; line numbers stay. Without such
 * a line, or with a mode that there is not, the cell as it is.
 */
export function withoutTypecheckLine(code: string): string {
  if (!code.includes('%%typecheck')) return code;
  const parts = splitCell(code);
  if (parts.kind !== 'cellMagic' || parts.name !== 'typecheck' || typecheckMode(parts.args) === undefined)
    return code;
  return code.slice(0, code.length - parts.body.length).replace(/[^\r\n]/g, ' ') + parts.body;
}
