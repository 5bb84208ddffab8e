/** The kinds of others, as those that Jupyter clients know. */
import type { DeclarationKind } from '../../language/syntax.ts';
import type { Entry } from '../../typescript/scope.ts';
import type { CandidateKind } from './candidate.ts';

/** Some values of `CompletionItemKind`. Source: https://microsoft.github.io/language-server-protocol/ */
export const VARIABLE = 6;
export const KEYWORD = 14;
const FILE = 17;
const REFERENCE = 18;
const FOLDER = 19;

const ofItems: Readonly<Record<number, CandidateKind>> = {
  2: 'function', // method
  3: 'function',
  4: 'class', // constructor
  5: 'property', // field
  [VARIABLE]: 'instance',
  7: 'class',
  8: 'class', // interface
  9: 'module',
  10: 'property',
  13: 'class', // enum
  [KEYWORD]: 'keyword',
  [FILE]: 'path',
  [REFERENCE]: 'path',
  [FOLDER]: 'path',
  20: 'property', // member of an enum
  21: 'instance', // constant
  22: 'class', // struct
  25: 'class', // type parameter
};

const ofDeclarations: Readonly<Record<DeclarationKind, CandidateKind>> = {
  let: 'instance',
  const: 'instance',
  var: 'instance',
  function: 'function',
  class: 'class',
  enum: 'class',
  namespace: 'module',
  import: 'module',
};

/** @param kind the language service's */
export function kindOfItem(kind: number): CandidateKind {
  return ofItems[kind] ?? 'instance';
}

export function isPath(kind: number): boolean {
  return kind >= FILE && kind <= FOLDER;
}

/** What a name of the session is, as far as its declaration says. */
export function kindOfEntry({ value, type }: Entry): CandidateKind {
  if (value) return ofDeclarations[value.kind];
  return type?.kind === 'namespace' || type?.kind === 'import' ? 'module' : 'class';
}
