/** Names that other cells have declared, as candidates: the scope knows them, the service says where they may stand. */
import type { Checker } from '../../typescript/checker.ts';
import type { Entry } from '../../typescript/scope.ts';
import { matching } from './candidate.ts';
import { type ItemList, positionOf } from './items.ts';
import { kindOfEntry } from './kinds.ts';
import { DEPRECATED, GLOBALS, LOCAL, type Offer } from './offer.ts';
import { signatureIn } from './signature.ts';

/** A value and a type that are always in scope: where they are offered, others may stand as well. */
const VALUE_PROBE = '__tsloop_value';
const TYPE_PROBE = '__tsloop_type';
/** What makes them so, behind the cell's text. */
export const PROBES: string = `\n;declare let ${VALUE_PROBE}: any; type ${TYPE_PROBE} = 0;`;

/**
 * Names of other cells that the text does not mention, where names of their kind may stand. The service is not
 * told of them: importing them would let it look at all modules anew, with every word that is typed.
 */
export function namesOfSession(
  checker: Checker,
  { items }: ItemList,
  word: string,
  own: readonly Offer[],
): Offer[] {
  const { scope } = checker.session;
  const mayStand = (probe: string): boolean => items.some(({ label }) => label === probe);
  const [values, types] = [mayStand(VALUE_PROBE), mayStand(TYPE_PROBE)];
  if (!values && !types) return [];
  const known = new Set(own.filter(({ order }) => order < GLOBALS).map(({ candidate }) => candidate.text));
  const names = [...scope.allNames()].filter((name) => {
    const entry = scope.get(name);
    return !known.has(name) && ((values && entry?.value) || (types && entry?.type));
  });
  return matching(names, word, (name) => name).map((text): Offer => {
    const entry = scope.get(text) ?? {};
    return {
      candidate: { text, kind: kindOfEntry(entry) },
      order: isDeprecated(text, entry) ? DEPRECATED : LOCAL,
      signature: () => signatureOfEntry(checker, text, entry),
    };
  });
}

/** Whether the comment in front of its declaration says so. */
function isDeprecated(name: string, { value, type }: Entry): boolean {
  const { document } = value ?? type ?? {};
  const declaration = document?.declarations.names.get(name);
  if (!declaration || !document?.source.includes('@deprecated')) return false;
  const before = document.source.slice(0, declaration.start).trimEnd();
  return before.endsWith('*/') && before.slice(before.lastIndexOf('/**')).includes('@deprecated');
}

/** As the service explains the name where it is declared: that is a question about a text that stays as it is. */
async function signatureOfEntry(
  { server }: Checker,
  name: string,
  { value, type }: Entry,
): Promise<string | undefined> {
  const { document } = value ?? type ?? {};
  const declaration = document?.declarations.names.get(name);
  if (!document || !declaration) return undefined;
  const { uri, source } = document;
  const whole = new RegExp(
    `(?<![\\p{ID_Continue}$])${name.replaceAll('$', String.raw`\$`)}(?![\\p{ID_Continue}$])`,
    'u',
  );
  const at = source.slice(declaration.start, declaration.end).search(whole);
  if (at === -1) return undefined;
  const hover = await server
    .request<{ contents: { value: string } } | null>('textDocument/hover', {
      textDocument: { uri },
      position: positionOf(source, declaration.start + at),
    })
    .catch(() => null);
  const code = /^```\w*\n([\s\S]*?)\n```/.exec(hover?.contents.value ?? '')?.[1];
  return code === undefined ? undefined : signatureIn(code, name);
}
