/** `name?`: the question mark that asks for help in a cell of its own. */
import type { CellError } from '../bridge.ts';

export interface HelpRequest {
  /** A name or a path of names and elements: `loop.callSoon`, `rows[0].name`. */
  readonly name: string;
  /** The protocol's detail level of an inspect_request: 1 when there were two question marks. */
  readonly detail: 0 | 1;
}

const identifier = String.raw`[\p{ID_Start}$_][\p{ID_Continue}$]*`;
const element = String.raw`\[(?:\d+|"[^"\\\n]*"|'[^'\\\n]*')\]`;
const path = String.raw`${identifier}(?:\.${identifier}|${element})*`;
const before = new RegExp(String.raw`^\s*(\?\??)[ \t]*(${path})\s*$`, 'u');
const after = new RegExp(String.raw`^\s*(${path})[ \t]*(\?\??)\s*$`, 'u');

/** Characters: who explains what is longer may take very long over it. */
const LONGEST = 1000;

/** Reads a cell of exactly `name?`, `a.b?`, `?name` or `name??` (more detail); none of them is TypeScript. */
export function isHelp(code: string): HelpRequest | undefined {
  if (code.length > LONGEST) return undefined;
  const prefix = before.exec(code);
  if (prefix !== null) return { name: prefix[2] ?? '', detail: prefix[1] === '??' ? 1 : 0 };
  const suffix = after.exec(code);
  if (suffix !== null) return { name: suffix[1] ?? '', detail: suffix[2] === '??' ? 1 : 0 };
  return undefined;
}

/** The error of a cell that asks about what there is not. */
export function nothingCalled(name: string): CellError {
  const evalue = `There is nothing called '${name}' to explain`;
  return { ename: 'UsageError', evalue, traceback: [`UsageError: ${evalue}`] };
}
