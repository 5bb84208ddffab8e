/** Splits a cell's text into TypeScript, `!` lines and `%` lines. Pure: nothing runs here. */
import { isCompleteProgram, type SourceLanguage } from './parse.ts';

/** A stretch of the cell. Lines count from 1; `start` and `end` are offsets in the cell's text. */
interface Place {
  readonly line: number;
  readonly start: number;
  /** Behind the last character, the final line break included. */
  readonly end: number;
}

export interface SourceSegment extends Place {
  readonly kind: 'source';
  /** Exactly the cell's text from `start` to `end`. */
  readonly text: string;
}

export interface ShellSegment extends Place {
  readonly kind: 'shell';
  /** What stands after the `!`, with the line breaks (and their `\`) of continued lines. */
  readonly command: string;
  /** Where `command` begins in the cell's text. */
  readonly commandStart: number;
  /** How many lines of the cell it takes. */
  readonly lines: number;
}

export interface MagicSegment extends Place {
  readonly kind: 'magic';
  /** Without the percent sign. A `%%name` that is not in the cell's first line keeps one: `%name`. */
  readonly name: string;
  readonly args: string;
  readonly lines: number;
}

export type Segment = SourceSegment | ShellSegment | MagicSegment;

export type CellParts =
  | {
      readonly kind: 'cellMagic';
      readonly name: string;
      readonly args: string;
      /** Everything below the magic's line. */
      readonly body: string;
      /** The line of the cell, from 1, at which `body` begins. */
      readonly bodyLine: number;
    }
  /** The segments follow each other without gaps and cover the whole cell. */
  | { readonly kind: 'code'; readonly segments: Segment[] };

const cellMagic = /^(?:[^\S\n]*\n)*[ \t]*%%([A-Za-z]\w*)([^\n]*)(\n|$)/;
/** `!=` and `!==` at the start of a line go on with the comparison of the line before. */
const markedLine = /^[ \t]*(?:!(?!=)|%%?[A-Za-z])/;
const anyMarkedLine = new RegExp(markedLine, 'm');
const shellPrefix = /^[ \t]*![ \t]*/;
const magicLine = /^[ \t]*%(%?[A-Za-z]\w*)([^\n]*)/;
/** An odd number of backslashes: an even one ends in an escaped backslash, as the shell sees it. */
const continued = /(?<!\\)(?:\\\\)*\\\r?\n$/;

/** Whether the cell reads `<` as JSX, so that text between tags is no code. */
function languageOf(code: string): SourceLanguage {
  return /<\/|\/>/.test(code) ? 'tsx' : 'ts';
}

/**
 * A line that begins with `!`, or with `%` and a letter, is no TypeScript if a statement could
 * begin there: if all that stands above it is a complete program. Within a literal, a comment, a
 * block or an unfinished expression it belongs to the TypeScript around it.
 */
export function splitCell(code: string): CellParts {
  if (!anyMarkedLine.test(code)) return { kind: 'code', segments: [sourceSegment(code, 1, 0)] };
  const magic = cellMagic.exec(code);
  if (magic !== null) {
    const head = magic[0];
    return {
      kind: 'cellMagic',
      name: magic[1] ?? '',
      args: (magic[2] ?? '').trim(),
      body: code.slice(head.length),
      bodyLine: countLines(head) + (magic[3] === '' ? 2 : 1),
    };
  }
  return { kind: 'code', segments: splitSegments(code) };
}

function splitSegments(code: string): Segment[] {
  const lines = code.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const lang = languageOf(code);
  const segments: Segment[] = [];
  // The TypeScript since the last shell or magic line; what stands above that line was complete.
  let source = { text: '', line: 1, start: 0 };
  let offset = 0;
  const flush = (): void => {
    if (source.text !== '') segments.push(sourceSegment(source.text, source.line, source.start));
  };
  for (let index = 0; index < lines.length; index++) {
    const first = lines[index] ?? '';
    if (!markedLine.test(first) || !isCompleteProgram(source.text, lang)) {
      source.text += first;
      offset += first.length;
      continue;
    }
    flush();
    const place = { line: index + 1, start: offset };
    let text = first;
    const magic = magicLine.exec(first);
    if (magic === null) while (continued.test(text) && index + 1 < lines.length) text += lines[++index] ?? '';
    offset += text.length;
    const end = { end: offset, lines: index + 2 - place.line };
    if (magic === null) {
      const prefix = shellPrefix.exec(text)?.[0].length ?? 0;
      const command = text.slice(prefix).trimEnd();
      segments.push({ kind: 'shell', command, commandStart: place.start + prefix, ...place, ...end });
    } else {
      segments.push({ kind: 'magic', name: magic[1] ?? '', args: (magic[2] ?? '').trim(), ...place, ...end });
    }
    source = { text: '', line: index + 2, start: offset };
  }
  flush();
  return segments;
}

function sourceSegment(text: string, line: number, start: number): SourceSegment {
  return { kind: 'source', text, line, start, end: start + text.length };
}

function countLines(text: string): number {
  return text.split('\n').length - 1;
}
