/** What the TypeScript service offers at the cursor, as candidates. */
import type { Checker } from '../../typescript/checker.ts';
import { identifier, isInternal } from '../live-session.ts';
import { byText, type Candidate, type Completion, distinct } from './candidate.ts';
import { chooseItems, type Item, type ItemList, positionOf, textOf } from './items.ts';
import { isPath, KEYWORD, kindOfEntry, kindOfItem, VARIABLE } from './kinds.ts';
import { ending } from './literals.ts';
import { GLOBALS, type Offer } from './offer.ts';
import { namesOfSession, PROBES } from './session-names.ts';
import { signatureIn } from './signature.ts';

/**
 * The best candidates get their signature, each by a question of its own, which takes a millisecond or two: the
 * first one always, others until there are so many, or an answer has taken so long (ms).
 */
const SIGNATURES = 10;
const SIGNATURE_TIME = 10;

/** A service that takes longer (ms) is starting, or hangs: the live session answers in its place. */
const PATIENCE = 1500;

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
  const before = text.slice(0, offset);
  const word = wordBefore.exec(before)?.[0] ?? '';
  const wordStart = offset - word.length;
  await checker.caughtUp();
  checker.follow();
  const { uri } = checker.session.draft(
    text + ending(text) + PROBES,
    looksLikeJsx(before) ? { jsx: true } : {},
  );
  const reply = await checker.server.request<ItemList | readonly Item[] | null>('textDocument/completion', {
    textDocument: { uri },
    position: positionOf(text, offset),
  });
  const list: ItemList = reply === null ? { items: [] } : 'items' in reply ? reply : { items: reply };
  const { start, items } = chooseItems(list, text, offset, wordStart);
  const own = items.map((item): Offer => ({
    candidate: candidateOf(item, isString, checker),
    order: item.sortText ?? '',
    signature: () => signatureOf(checker, item),
  }));
  const others = start === wordStart ? namesOfSession(checker, list, word, own) : [];
  const sorted = [...own, ...others]
    .filter(({ candidate }) => !isInternal(candidate.text))
    .sort((a, b) => (a.order < b.order ? -1 : a.order > b.order ? 1 : byText(a.candidate, b.candidate)));
  const candidates: Candidate[] = [];
  for (const offer of sorted) {
    const isTold =
      candidates.length === 0 ||
      (candidates.length < SIGNATURES && performance.now() - began < SIGNATURE_TIME);
    const signature = isTold ? await offer.signature() : undefined;
    candidates.push(signature === undefined ? offer.candidate : { ...offer.candidate, signature });
  }
  return { candidates: distinct(candidates), start };
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

async function signatureOf({ server, session }: Checker, item: Item): Promise<string | undefined> {
  const { kind = 0 } = item;
  if (kind === KEYWORD || isPath(kind)) return undefined;
  // The next question may have changed the text in the meantime: then there is none.
  const resolved = await server.request<Item>('completionItem/resolve', item).catch(() => undefined);
  return resolved?.detail === undefined
    ? undefined
    : signatureIn(session.inWords(resolved.detail), item.label.replace(/\?$/, ''));
}

/** In a cell that is not finished, the last tag is seldom closed: what tells JSX from a type assertion is what precedes it. */
function looksLikeJsx(before: string): boolean {
  return /(?:^|[=(,?:&|>{};[]|\breturn|\bdefault)\s*<(?:[A-Za-z][\w.:-]*(?:\s[^<>]*)?|[a-z]*)?$/.test(before);
}
