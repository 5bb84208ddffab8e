/** What the running session alone knows: names and members that exist, whether TypeScript has heard of them or not. */
import type { MainThread } from '../inspector.ts';
import { identifier, inSession, isInternal, namesInScope } from '../live-session.ts';
import { byText, type Candidate, type Completion, distinct, matching } from './candidate.ts';

/** An element that can be looked at without running code: `[0]`, `["key"]`, `[name]`. */
const element = String.raw`(?:\?\.)?\[\s*(?:\d+|"[^"\\\n]*"|'[^'\\\n]*'|${identifier})\s*\]`;
const path = String.raw`(?<![\p{ID_Continue}$.)\]])(${identifier}(?:${element}|\s*\??\.\s*${identifier})*)`;
/** `a.b[0].c` before the cursor, its last name perhaps unfinished or missing. */
const memberBefore = new RegExp(`${path}\\s*\\??\\.\\s*(${identifier})?$`, 'u');
/** `a.b["c` before the cursor. */
const keyBefore = new RegExp(`${path}(?:\\?\\.)?\\[\\s*(["'\`])((?:(?!\\2)[^\\\\\\n])*)$`, 'u');
const nameBefore = new RegExp(`(?<![\\p{ID_Continue}$.)\\]"'#])(${identifier})$`, 'u');
const plainName = new RegExp(`^${identifier}$`, 'u');

/** What every object inherits, and nobody should use. */
const legacy = /^__(?:define[GS]etter|lookup[GS]etter|proto)__$/;

const keywords = (
  'abstract any as async await boolean break case catch class const continue debugger declare default delete do ' +
  'else enum export extends false finally for from function if implements import in infer instanceof interface ' +
  'is keyof let namespace never new null number object of private protected public readonly return satisfies ' +
  'static string super switch symbol this throw true try type typeof undefined unknown using var void while yield'
).split(' ');

/**
 * @param before the TypeScript up to the cursor, which is in code
 * @param options.keywords whether to offer those as well, because nobody else does
 */
export async function completeLive(
  main: MainThread,
  before: string,
  { keywords: withKeywords }: { readonly keywords: boolean },
): Promise<Completion> {
  const member = memberBefore.exec(before);
  if (member) {
    const [, owner = '', typed = ''] = member;
    const members = (await membersOf(main, owner)).filter(({ text }) => plainName.test(text));
    return complete(members, typed, before.length);
  }
  const [, name] = nameBefore.exec(before) ?? [];
  if (name === undefined) return { candidates: [], start: before.length };
  const session = (await namesInScope(main))
    .map((text): Candidate => ({ text, kind: 'instance' }))
    .sort(byText);
  const globals = (await membersOf(main, 'globalThis'))
    .filter(({ text }) => plainName.test(text))
    .sort(byText);
  const words = withKeywords ? keywords.map((text): Candidate => ({ text, kind: 'keyword' })) : [];
  return complete([...session, ...globals, ...words], name, before.length);
}

/** The keys of a value, in `value["…`. */
export async function completeLiveKey(main: MainThread, before: string): Promise<Completion> {
  const [, owner, quote = '', typed = ''] = keyBefore.exec(before) ?? [];
  if (owner === undefined) return { candidates: [], start: before.length };
  const keys = (await main.members(await inSession(owner, main), true)).map(candidateOf);
  const writable = keys.filter(({ text }) => !text.includes(quote) && !/[\\\n]/.test(text));
  return complete(writable, typed, before.length);
}

async function membersOf(main: MainThread, expression: string): Promise<Candidate[]> {
  return (await main.members(await inSession(expression, main))).map(candidateOf);
}

function candidateOf({ name, type }: { readonly name: string; readonly type?: string }): Candidate {
  return { text: name, kind: type === 'function' ? 'function' : 'property' };
}

function complete(candidates: readonly Candidate[], typed: string, offset: number): Completion {
  const shown = candidates.filter(({ text }) => !isInternal(text) && !legacy.test(text));
  return { candidates: distinct(matching(shown, typed, ({ text }) => text)), start: offset - typed.length };
}
