/** What TypeScript knows of the name, or the call, at a place: for inspect_request, `name?` and `name??`. */
import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lexicalState } from '../language/lexical.ts';
import { beforeDot, pathAt, type Path } from '../language/path.ts';
import { typescriptView } from '../magics/typescript-view.ts';
import type { Checker } from './checker.ts';
import { type Block, blocksOf, plainOf } from './explanation.ts';
import { offsetAt, positionAt, type Range } from './places.ts';
import type { Document, Scope } from './scope.ts';
import { type SignatureHelp, signatureBlocks } from './signature.ts';

export interface Explained {
  /** Of the name: its type and documentation. Empty when TypeScript knows nothing of it. */
  readonly name: readonly Block[];
  /** Of the call around the place. */
  readonly call: readonly Block[];
  /** The declaration as it was written, if it was asked for and found. */
  readonly source: readonly Block[];
  /** The name is a value of unknown type, so that only the running session knows more. */
  readonly isAny: boolean;
  /** Whether what the session calls so is what is meant here, and not a function's own variable. */
  readonly isSession: boolean;
  /** The name is from a library, or is a function or type: its value says little, unless it is a number or text. */
  readonly isWellKnown: boolean;
}

interface Hover {
  readonly contents: { readonly value: string } | string;
}

interface LocationLink {
  readonly targetUri: string;
  readonly targetRange: Range;
  readonly targetSelectionRange: Range;
}

/** Declarations up to so many lines are shown instead of `interface Name`, which says nothing. */
const SHORT = 20;

/** The service's names for what a cell imports from another. */
const alias = /^\(alias\) /gm;
const bareAny = /^any$|= \/\*unresolved\*\/ any$/;
const anyType = /^(?:any|(?!\(?(?:method|function)\b)[^\n]*: any)$/;
const wellKnown =
  /^(?:function|class|interface|(?:const )?enum|type|namespace|module|import|\((?:method|constructor|enum member|type parameter|module)\)|constructor|abstract class)\b/;
const declared = /^(?:interface|(?:const )?enum|(?:abstract )?class)\b/;
/** Words that mean something else on every level of the code. */
const reserved = /^(?:this|super|import|new|arguments)$/;
/** Variables of functions. */
const local = /^\((?:parameter|local var|local function|local class)\)/;

class Question {
  readonly #checker: Checker;
  readonly #draft: Document;

  constructor(checker: Checker, text: string) {
    this.#checker = checker;
    this.#draft = checker.session.draft(text);
  }

  get draft(): Document {
    return this.#draft;
  }

  readonly #inWords = (text: string): string => this.#checker.session.inWords(text);

  #ask<R>(method: string, offset: number): Promise<R | null> {
    return this.#checker.server.request<R | null>(`textDocument/${method}`, {
      textDocument: { uri: this.#draft.uri },
      position: positionAt(this.#draft.source, offset),
    });
  }

  async hover(offset: number): Promise<Block[]> {
    const hover = await this.#ask<Hover>('hover', offset);
    if (!hover) return [];
    const { contents } = hover;
    const text = typeof contents === 'string' ? contents : contents.value;
    const [first, ...more] = blocksOf(this.#inWords(text));
    if (first?.kind !== 'code') return first ? [first, ...more] : [];
    return [{ ...first, text: first.text.replace(alias, '') }, ...more];
  }

  async call(offset: number): Promise<Block[]> {
    const help = await this.#ask<SignatureHelp>('signatureHelp', offset);
    return help ? signatureBlocks(help, this.#inWords) : [];
  }

  async definition(offset: number): Promise<LocationLink | undefined> {
    return (await this.#ask<LocationLink[]>('definition', offset))?.[0];
  }
}

/** What the hover's code says; empty for none. */
function headOf([first]: readonly Block[]): string {
  return first?.kind === 'code' ? first.text : '';
}

/** Whether the range, of the draft, is in the text that the user wrote. */
function isOwn({ targetRange }: LocationLink, draft: Document): boolean {
  return targetRange.start.line <= positionAt(draft.source, draft.source.length).line;
}

/** Whether the path begins with a name of the session, going by where the service finds that name declared. */
function isSession(path: Path, root: LocationLink, draft: Document): boolean {
  if (root.targetUri !== draft.uri || !isOwn(root, draft)) return true;
  const declaration = draft.declarations.names.get(path.root);
  const start = offsetAt(draft.source, root.targetSelectionRange.start);
  return declaration !== undefined && declaration.start <= start && start < declaration.end;
}

function sourceBlocks(caption: string, text: string): Block[] {
  return [
    { kind: 'prose', text: `\`${caption}\`:` },
    { kind: 'code', language: 'typescript', text: text.trimEnd() },
  ];
}

function declarationText(document: Document, name: string): string | undefined {
  const declaration = document.declarations.names.get(name);
  return declaration && document.source.slice(declaration.start, declaration.end);
}

/** The source of what is declared there: in a cell, or in a file of the user's own. */
async function sourceOf(
  checker: Checker,
  draft: Document,
  path: Path | undefined,
  definition: LocationLink | undefined,
): Promise<Block[]> {
  const isName = path !== undefined && path.text === path.root;
  const inDraft = definition?.targetUri === draft.uri;
  if (isName && !(inDraft && isOwn(definition, draft))) {
    const entry = checker.session.scope.get(path.text);
    const meaning = entry?.value ?? entry?.type;
    const text =
      meaning && meaning.kind !== 'import' ? declarationText(meaning.document, path.text) : undefined;
    if (meaning && text !== undefined) return sourceBlocks(meaning.document.label ?? 'An earlier cell', text);
  }
  if (!definition) return [];
  const { targetUri, targetRange, targetSelectionRange: selection } = definition;
  const document = inDraft ? draft : checker.session.document(targetUri);
  const slice = (text: string): string =>
    text.slice(offsetAt(text, targetRange.start), offsetAt(text, targetRange.end));
  if (document) {
    const name = document.source.slice(
      offsetAt(document.source, selection.start),
      offsetAt(document.source, selection.end),
    );
    const whole = document.declarations.names.get(name);
    const at = offsetAt(document.source, selection.start);
    const isWhole = whole !== undefined && whole.start <= at && at < whole.end && isName;
    const text = isWhole ? document.source.slice(whole.start, whole.end) : slice(document.source);
    return text.trim() === ''
      ? []
      : sourceBlocks(inDraft ? 'This cell' : (document.label ?? 'An earlier cell'), text);
  }
  // What a package was made of is not what it brings.
  if (!targetUri.startsWith('file:') || isLibrary(definition)) return [];
  const file = fileURLToPath(targetUri);
  const shown = relative(process.cwd(), file);
  try {
    const text = slice(await readFile(file, 'utf8'));
    return text.trim() === '' ? [] : sourceBlocks(`${shown}:${targetRange.start.line + 1}`, text);
  } catch {
    // It has been removed meanwhile.
    return [];
  }
}

function isLibrary({ targetUri }: LocationLink): boolean {
  return /\/node_modules\/|\.d\.[cm]?ts$/.test(targetUri);
}

/** Where the first name of a path comes from. */
type Origin = 'session' | 'library' | 'local' | 'unknown';

function isMentionedOnce(name: string, text: string): boolean {
  return text.indexOf(name) === text.lastIndexOf(name);
}

/** @param root where the service finds the name; not asked for a name that the text mentions once only */
function originOf(path: Path, root: LocationLink | undefined, draft: Document, scope: Scope): Origin {
  if (reserved.test(path.root)) return 'local';
  // It cannot be declared in the text for another use of it.
  if (isMentionedOnce(path.root, draft.source)) return scope.get(path.root) ? 'session' : 'library';
  if (!root) return 'unknown';
  if (isLibrary(root)) return 'library';
  return isSession(path, root, draft) ? 'session' : 'local';
}

/**
 * @param text a cell's TypeScript
 * @param offset the cursor, in UTF-16 units
 * @param withSource whether the declaration's source is asked for as well
 */
async function explainText(
  checker: Checker,
  text: string,
  offset: number,
  withSource: boolean,
): Promise<Explained | undefined> {
  const { context, open } = lexicalState(text, offset);
  if (context === 'lineComment' || context === 'blockComment') return undefined;
  const at = beforeDot(text, offset);
  const path = pathAt(text, at);
  await checker.caughtUp();
  const question = new Question(checker, text);
  const { draft } = question;
  const { scope } = checker.session;
  const mayBeCall = open.some(({ bracket }) => bracket === '(' || bracket === '`') || text.includes('<');
  // One draft, several questions: they are answered as one.
  const [hover, call, root] = await Promise.all([
    question.hover(at),
    mayBeCall ? question.call(offset) : [],
    path && !isMentionedOnce(path.root, text) ? question.definition(path.start) : undefined,
  ]);
  const head = headOf(hover);
  const isUnknown = hover.length === 0 || bareAny.test(head);
  const isTyped = declared.test(head);
  const origin = path && !local.test(head) ? originOf(path, root, draft, scope) : 'local';
  const definition = withSource || isTyped ? await question.definition(at) : undefined;
  const source = withSource || isTyped ? await sourceOf(checker, draft, path, definition) : [];
  const [, code] = source;
  const isShort =
    isTyped && !/\bclass\b/.test(head) && code?.kind === 'code' && code.text.split('\n').length <= SHORT;
  let name: readonly Block[] = hover;
  if (isUnknown) {
    // A member of what is `any` is that as well; of what does not exist, it is nothing.
    const isMember = path !== undefined && path.text !== path.root && hover.length > 0;
    const exists =
      isMember && (origin !== 'library' || (await question.definition(path.start)) !== undefined);
    name =
      exists && origin !== 'unknown'
        ? [{ kind: 'code', language: 'typescript', text: `${path.text}: any` }]
        : [];
  } else if (isShort && !withSource) {
    name = [code, ...hover.slice(1)];
  }
  if (name.length === 0 && call.length === 0 && !isUnknown) return undefined;
  return {
    name,
    call,
    source: withSource ? source : [],
    isAny: isUnknown || anyType.test(head),
    isSession: path !== undefined && origin !== 'local',
    isWellKnown: wellKnown.test(head) || origin === 'library',
  };
}

/** The same name where a type is expected. */
async function explainType(checker: Checker, name: string, detail: number): Promise<Explained | undefined> {
  const prefix = 'let it: ';
  const type = await explainText(checker, prefix + name, prefix.length + name.length, detail > 0);
  return type && type.name.length > 0 && !type.isAny ? type : undefined;
}

/** What the cell `code` says at a place. @throws ServerUnavailable */
export async function explain(
  checker: Checker,
  code: string,
  offset: number,
  detail: number,
): Promise<Explained | undefined> {
  const { text } = typescriptView(code);
  checker.follow(text);
  const value = await explainText(checker, text, offset, detail > 0);
  if (!value || value.name.length > 0) return value;
  // The name of a type that stands where a value would, as when it has just been typed.
  const name = pathAt(text, offset)?.text ?? '';
  const entry = checker.session.scope.get(name);
  return entry?.type && !entry.value ? ((await explainType(checker, name, detail)) ?? value) : value;
}

/**
 * What a name or path is, as `name?` asks; it may be one of a type. @throws ServerUnavailable
 */
export async function explainName(
  checker: Checker,
  name: string,
  detail: number,
): Promise<Explained | undefined> {
  checker.follow();
  const value = await explainText(checker, name, name.length, detail > 0);
  if (value && value.name.length > 0) return value;
  if (!name.endsWith(']')) return (await explainType(checker, name, detail)) ?? value;
  // An element has no name to ask about: a variable gets its type.
  const variable = 'const it';
  const found = await explainText(checker, `${variable} = ${name}`, variable.length, false);
  const [first, ...more] = found?.name ?? [];
  if (!found || first?.kind !== 'code') return value;
  const text = `${name}${first.text.slice(variable.length)}`;
  return { ...found, name: [{ ...first, text }, ...more], isSession: true };
}

/** What there is to print of it; empty for nothing. */
export function explanationText({ name, source, call }: Explained): string {
  return plainOf([...name, ...source, ...call]);
}
