/** `%who`: what cells have declared. */
import { splitWords } from './arguments.ts';
import { UsageError, type LineMagic } from './magic.ts';
import { nearest } from './nearest.ts';

/** All that `typeof` can give. */
const types = ['bigint', 'boolean', 'function', 'number', 'object', 'string', 'symbol', 'undefined'];

export const who: LineMagic = {
  name: 'who',
  usage: 'who [TYPE...]',
  summary: 'The declared names, one a line; those of the given types only (number, string, function, ...).',
  async line(args, context) {
    const wanted = splitWords(args);
    for (const type of wanted) {
      if (types.includes(type)) continue;
      const near = nearest(type, types);
      throw new UsageError(
        `${type} is no type.${near.length === 0 ? '' : ` Did you mean ${near.join()}?`} %who knows those of typeof: ${types.join(', ')}.`,
      );
    }
    const variables = await context.variables();
    const shown = variables.filter(({ value }) => wanted.length === 0 || wanted.includes(typeof value));
    const none =
      variables.length === 0 ? 'No cell has declared a name yet.' : 'No variables match your requested type.';
    context.print(shown.length === 0 ? `${none}\n` : shown.map(({ name }) => `${name}\n`).join(''));
  },
};
