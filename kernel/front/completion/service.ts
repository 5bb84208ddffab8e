/** What the TypeScript service offers at the cursor, as candidates. */
import type { Checker } from '../../typescript/checker.ts';
import { identifier, isInternal } from '../live-session.ts';
import { byText, type Candidate, type Completion, distinct, matching } from './candidate.ts';
import { chooseItems, type Item, type ItemList, positionOf, textOf } from './items.ts';
import { isPath, KEYWORD, kindOfEntry, kindOfItem, VARIABLE } from './kinds.ts';
import { signatureIn } from './signature.ts';

/**
 * So many names of the session that the text does not mention are shown to the service, which says whether
 * they may stand here, and what they are; each is work for it. The others are added by their kind alone.
 */
const SAMPLE = 40;

/**
 * The best candidates get their signature, each by a question of its own, which takes a millisecond or two: the
 * first one always, others until there are so many, or an answer has taken so long (ms).
 */
const SIGNATURES = 10;
const SIGNATURE_TIME = 10;

/** A service that takes longer (ms) is starting, or hangs: the live session answers in its place. */
const PATIENCE = 1500;

/** The sort text of globals and keywords; what is nearer comes before it. */
const GLOBALS = '15';

const wordBefore = new RegExp(`#?(?:${identifier})?$`, 'u');

/**
 * @param text the cell's TypeScript, position for position
 * @param offset the cursor, in UTF-16 code units
 * @param isString whether the cursor is in a string
 * @returns undefined when the service cannot answer
 */
export async function askService(
  checker: Checker,
  text: string,
  offset: number,
  isString: boolean,
): Promise<Completion | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => (timer = setTimeout(resolve, PATIENCE, undefined)));
  try {
    return await Promise.race([ask(checker, text, offset, isString), late]);
  } catch {
    // The service is down, or this text is too much for it. It has told the user, if there is something to tell.
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

async function ask(checker: Checker, text: string, offset: number, isString: boolean): Promise<Completion> {
  const began = performance.now();
  const word = wordBefore.exec(text.slice(0, offset))?.[0] ?? '';
  const wordStart = offset - word.length;
  const isMember = /(?<!\.\.)\.\s*$/.test(text.slice(0, wordStart));
  const names = isMember || isString ? [] : namesLike(checker, word);
  const sample = names.slice(0, SAMPLE);
  checker.follow();
  const { uri } = checker.session.draft(
    text,
    sample,
    looksLikeJsx(text.slice(0, offset)) ? { jsx: true } : {},
  );
  const reply = await checker.server.request<ItemList | readonly Item[] | null>('textDocument/completion', {
    textDocument: { uri },
    position: positionOf(text, offset),
  });
  const list: ItemList = reply === null ? { items: [] } : 'items' in reply ? reply : { items: reply };
  const { start, items } = chooseItems(list, text, offset, wordStart);
  const sorted = items
    .map((item) => ({ item, candidate: candidateOf(item, isString, checker), order: item.sortText ?? '' }))
    .filter(({ candidate }) => !isInternal(candidate.text))
    .sort((a, b) => (a.order < b.order ? -1 : a.order > b.order ? 1 : byText(a.candidate, b.candidate)));
  const signatures: Array<string | undefined> = [];
  for (const { item } of sorted.slice(0, SIGNATURES)) {
    if (signatures.length > 0 && performance.now() - began > SIGNATURE_TIME) break;
    signatures.push(await signatureOf(checker, item));
  }
  const candidates = sorted.map(({ candidate }, index): Candidate => {
    const signature = signatures[index];
    return signature === undefined ? candidate : { ...candidate, signature };
  });
  const rest = start === wordStart ? withoutSample(checker, names, sample, candidates) : [];
  const local = sorted.filter(({ order }) => order < GLOBALS).length;
  return {
    candidates: distinct([...candidates.slice(0, local), ...rest, ...candidates.slice(local)]),
    start,
  };
}

/** Names of the session that begin as the word does, newest first. */
function namesLike({ session }: Checker, word: string): string[] {
  const names = [...session.scope.allNames()].filter((name) => !isInternal(name)).toReversed();
  return matching(names, word, (name) => name);
}

/** Those names that the service was not asked for, if names of their kind may stand here. */
function withoutSample(
  { session: { scope } }: Checker,
  names: readonly string[],
  sample: readonly string[],
  shown: readonly Candidate[],
): Candidate[] {
  if (names.length === sample.length) return [];
  const offered = new Set(shown.map(({ text }) => text));
  const allowed = sample.filter((name) => offered.has(name)).map((name) => scope.get(name));
  const values = allowed.some((entry) => entry?.value);
  const types = allowed.some((entry) => entry?.type && !entry.value);
  return names.slice(sample.length).flatMap((text): Candidate[] => {
    const entry = scope.get(text);
    const isAllowed = entry?.value ? values : types;
    return entry && isAllowed ? [{ text, kind: kindOfEntry(entry) }] : [];
  });
}

function candidateOf(item: Item, isString: boolean, { session: { scope } }: Checker): Candidate {
  const { kind = 0, sortText = '' } = item;
  const text = textOf(item);
  // To the service a class of another cell is a variable: it is shown as a copy, which may be assigned to.
  const entry = kind === VARIABLE && sortText < GLOBALS ? scope.get(text) : undefined;
  if (entry) return { text, kind: kindOfEntry(entry) };
  // The names of packages in imports are folders to the service.
  return { text, kind: isString && isPath(kind) ? 'module' : kindOfItem(kind) };
}

async function signatureOf({ server }: Checker, item: Item): Promise<string | undefined> {
  const { kind = 0 } = item;
  if (kind === KEYWORD || isPath(kind)) return undefined;
  // The next question may have changed the text in the meantime: then there is none.
  const resolved = await server.request<Item>('completionItem/resolve', item).catch(() => undefined);
  return resolved?.detail === undefined
    ? undefined
    : signatureIn(resolved.detail, item.label.replace(/\?$/, ''));
}

/** In a cell that is not finished, the last tag is seldom closed: what tells JSX from a type assertion is what precedes it. */
function looksLikeJsx(before: string): boolean {
  return /(?:^|[=(,?:&|>{};[]|\breturn|\bdefault)\s*<(?:[A-Za-z][\w.:-]*(?:\s[^<>]*)?|[a-z]*)?$/.test(before);
}
