/** `%whos`: what cells have declared, with types, sizes and values. */
import { renderVariables } from '../display/variables.ts';
import type { LineMagic } from './magic.ts';
import { chosenVariables } from './who.ts';

/** Each type is a question to the checker, of a millisecond or so; the names beyond show what they are when it runs. */
const MOST_TYPES = 500;

export const whos: LineMagic = {
  name: 'whos',
  usage: 'whos [TYPE...]',
  summary:
    'A table of the declared names with their types, sizes and values; a click on a heading orders it.',
  async line(args, context) {
    const { variables, none } = await chosenVariables('whos', args, context);
    if (variables.length === 0) {
      context.print(`${none}\n`);
      return;
    }
    const types = await context.types(variables.slice(0, MOST_TYPES).map(({ name }) => name));
    const { html = '', text = '' } = renderVariables(
      variables.map((variable) => ({
        ...variable,
        type: Object.hasOwn(types, variable.name) ? types[variable.name] : undefined,
      })),
    );
    context.show({ 'text/html': html, 'text/plain': text });
  },
};
