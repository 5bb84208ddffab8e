/** `%who`: what cells have declared. */
import { splitWords } from './arguments.ts';
import { UsageError, type LineMagic, type MagicContext } from './magic.ts';
import { nearest } from './nearest.ts';

/** All that `typeof` can give. */
const types = ['bigint', 'boolean', 'function', 'number', 'object', 'string', 'symbol', 'undefined'];

export interface ChosenVariables {
  readonly variables: ReadonlyArray<{ readonly name: string; readonly value: unknown }>;
  /** What to say when there are none. */
  readonly none: string;
}

/**
 * The variables of the types that a magic's arguments name; all of them where there are no arguments.
 * @throws UsageError for what is no type
 */
export async function chosenVariables(
  magic: string,
  args: string,
  context: MagicContext,
): Promise<ChosenVariables> {
  const wanted = splitWords(args);
  for (const type of wanted) {
    if (types.includes(type)) continue;
    const near = nearest(type, types);
    throw new UsageError(
      `${type} is no type.${near.length === 0 ? '' : ` Did you mean ${near.join()}?`} %${magic} knows those of typeof: ${types.join(', ')}.`,
    );
  }
  const all = await context.variables();
  const none =
    all.length === 0 ? 'No cell has declared a name yet.' : 'No variables match your requested type.';
  return {
    variables: all.filter(({ value }) => wanted.length === 0 || wanted.includes(typeof value)),
    none,
  };
}

export const who: LineMagic = {
  name: 'who',
  usage: 'who [TYPE...]',
  summary: 'The declared names, one a line; those of the given types only (number, string, function, ...).',
  async line(args, context) {
    const { variables, none } = await chosenVariables('who', args, context);
    context.print(variables.length === 0 ? `${none}\n` : variables.map(({ name }) => `${name}\n`).join(''));
  },
};
