/** Magics behind their percent signs, and what can be said of their arguments. */
import { splitWords } from '../../magics/arguments.ts';
import { magics } from '../../magics/registry.ts';
import { byText, type Candidate, type Completion, matching } from './candidate.ts';
import { completePath } from './paths.ts';
import { completeVariable } from './shell.ts';

export function completeMagicName(form: 'line' | 'cell', typed: string, offset: number): Completion {
  const fitting = magics.filter((magic) => form in magic);
  const candidates = matching(fitting, typed, ({ name }) => name).map(({ name, summary }): Candidate => ({
    text: name,
    kind: 'magic',
    signature: summary,
  }));
  return { candidates: candidates.sort(byText), start: offset - typed.length };
}

/** @param typed what stands between the magic's name and the cursor */
export async function completeArguments(name: string, typed: string, offset: number): Promise<Completion> {
  const kind = magics.find((magic) => magic.name === name)?.completes;
  const word = /\S*$/.exec(typed)?.[0] ?? '';
  const before = splitWords(typed.slice(0, typed.length - word.length));
  if (kind === 'file' || kind === 'folder') return completeFile(typed, offset, kind);
  if (kind === undefined || (typeof kind !== 'function' && before.length > 0))
    return { candidates: [], start: offset };
  if (kind === 'environment') return completeVariable(word, offset);
  const words = typeof kind === 'function' ? kind(before) : kind;
  const candidates = words
    .filter((each) => each.startsWith(word))
    .map((text): Candidate => ({ text, kind: 'param' }));
  return { candidates, start: offset - word.length };
}

/** As magics/arguments.ts reads it: the rest of the line behind options, quoted or not. */
function completeFile(typed: string, offset: number, kind: 'file' | 'folder'): Promise<Completion> {
  const [, written = ''] = /^(?:-\w+(?:\s+[\d,-]+)?\s+)*["']?(.*)$/.exec(typed) ?? [];
  return completePath(written, offset, kind === 'folder' ? { files: () => false } : {});
}
