/**
 * Of two types of one name, TypeScript says which files they are from, where their modules export them:
 * `import("/tmp/…/tsloop-cell-7").Point`. The reader knows cells: `In [7].Point`.
 */
import type { Document } from './scope.ts';

const qualified =
  /import\("[^"]*\/tsloop-cell-(\d+)(?:-jsx)?"\)(?:\.([\p{ID_Start}$_][\p{ID_Continue}$]*))?/gu;

/**
 * The message with the labels of cells.
 * @param documents all that the message may be about
 */
export function withLabels(message: string, documents: readonly Document[]): string {
  if (!message.includes('import("')) return message;
  const names = new Set<string>();
  const labelled = message.replaceAll(qualified, (text, place: string, name?: string) => {
    const label = documents.find(({ slot }) => slot?.number === Number(place))?.label;
    if (label === undefined) return text;
    if (name !== undefined) names.add(name);
    return name === undefined ? label : `${label}.${name}`;
  });
  return [...names].reduce((text, name) => withFirst(text, name, documents), labelled);
}

/** The first type of a name is the one that no module exports (see document.ts): TypeScript calls it by its name alone. */
function withFirst(message: string, name: string, documents: readonly Document[]): string {
  const [first, ...others] = documents.filter(
    ({ declarations, exports }) =>
      declarations.names.get(name)?.type !== undefined &&
      !exports.has(name) &&
      !declarations.exported.has(name),
  );
  if (first?.label === undefined || others.length > 0) return message;
  const bare = new RegExp(
    `(?<![\\p{ID_Continue}$.])${name.replaceAll('$', String.raw`\$`)}(?![\\p{ID_Continue}$])`,
    'gu',
  );
  // Types stand in quotes.
  return message.replaceAll(/'[^'\n]*'/g, (quoted) => quoted.replace(bare, () => `${first.label}.${name}`));
}
