/** What may be inserted at the cursor, and how clients are told of it. */

/**
 * The kinds that clients know: JupyterLab gives the first five a place and a colour of their own, the others
 * are those of IPython and of its completer Jedi.
 */
export type CandidateKind =
  | 'function'
  | 'instance'
  | 'class'
  | 'module'
  | 'keyword'
  | 'property'
  | 'statement'
  | 'param'
  | 'path'
  | 'magic';

export interface Candidate {
  /** Takes the place of what stands between the completion's `start` and the cursor. */
  readonly text: string;
  readonly kind: CandidateKind;
  /** In one line: parameters and result of a function, the type of anything else. */
  readonly signature?: string;
}

export interface Completion {
  /** The best first; no text twice. */
  readonly candidates: readonly Candidate[];
  /** Where what is replaced begins, in UTF-16 code units; it ends at the cursor. */
  readonly start: number;
}

/** Made with the first list: it takes some milliseconds. */
let collator: Intl.Collator | undefined;

/** By text, as people sort: letters before their capitals, numbers by value. */
export function byText(a: Candidate, b: Candidate): number {
  collator ??= new Intl.Collator('en', { numeric: true });
  return collator.compare(a.text, b.text);
}

/** The part that begins with what was typed; where nothing does, the part that does so in other letter case. */
export function matching<T>(list: readonly T[], typed: string, textOf: (each: T) => string): T[] {
  const exact = list.filter((each) => textOf(each).startsWith(typed));
  if (exact.length > 0 || typed === '') return exact;
  const folded = typed.toLowerCase();
  return list.filter((each) => textOf(each).toLowerCase().startsWith(folded));
}

/** Without the later of two candidates with the same text. */
export function distinct(candidates: readonly Candidate[]): Candidate[] {
  const seen = new Set<string>();
  return candidates.filter(({ text }) => !seen.has(text) && seen.add(text));
}
