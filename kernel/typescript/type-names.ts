/** What types TypeScript gives the variables of the session: for `%whos`. */
import type { Checker } from './checker.ts';
import { blocksOf } from './explanation.ts';
import { positionAt } from './places.ts';

interface Hover {
  readonly contents: { readonly value: string } | string;
}

/** By name; those that TypeScript does not know, or takes for `any`, are left out. @throws ServerUnavailable */
export async function typesOfNames(
  checker: Checker,
  names: readonly string[],
): Promise<Record<string, string>> {
  checker.follow();
  await checker.caughtUp();
  // One draft that mentions them all, and a question about each: they are answered as one.
  const draft = checker.session.draft(names.map((name) => `${name};\n`).join(''));
  const types = await Promise.all(
    names.map(async (name, i) => {
      const offset = names.slice(0, i).reduce((sum, each) => sum + each.length + 2, 0);
      const hover = await checker.server.request<Hover | null>('textDocument/hover', {
        textDocument: { uri: draft.uri },
        position: positionAt(draft.source, offset),
      });
      const type = hover ? typeIn(hover, name) : undefined;
      return type && checker.session.inWords(type);
    }),
  );
  return Object.fromEntries(names.flatMap((name, i) => (types[i] === undefined ? [] : [[name, types[i]]])));
}

function typeIn({ contents }: Hover, name: string): string | undefined {
  const [first] = blocksOf(typeof contents === 'string' ? contents : contents.value);
  return first?.kind === 'code' ? typeOfDeclaration(first.text, name) : undefined;
}

/**
 * The type in what the service says of a name: of `let x: number` it is `number`, of `function f(a: number): string`
 * it is `(a: number) => string`, of `class A` it is `typeof A`.
 */
export function typeOfDeclaration(declaration: string, name: string): string | undefined {
  const text = declaration.replaceAll(/^\(alias\) /gm, '').split(/\nimport /)[0] ?? '';
  const flat = text.replaceAll(/\s+/g, ' ').trim();
  const rest = (prefix: RegExp): string | undefined => {
    const start = prefix.exec(flat)?.[0];
    return start !== undefined && flat.startsWith(name, start.length)
      ? flat.slice(start.length + name.length)
      : undefined;
  };
  const variable = rest(/^(?:const|let|var) /);
  if (variable?.startsWith(': ') === true) return variable === ': any' ? undefined : variable.slice(2);
  const call = rest(/^function /);
  if (call !== undefined) return arrowType(call);
  return /^(?:abstract )?(?:class|enum|const enum|namespace|module) /.test(flat)
    ? `typeof ${name}`
    : undefined;
}

/** `(a: number): string` as `(a: number) => string`, also with type parameters before it. */
function arrowType(signature: string): string {
  let depth = 0;
  for (let at = 0; at < signature.length; at += 1) {
    const character = signature[at] ?? '';
    if ('([{'.includes(character)) depth += 1;
    else if (')]}'.includes(character)) depth -= 1;
    else if (character === ':' && depth === 0)
      return `${signature.slice(0, at)} =>${signature.slice(at + 1)}`;
  }
  return signature;
}
