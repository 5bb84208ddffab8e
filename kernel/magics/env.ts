/** `%env`: the environment variables of the kernel and of the commands that it starts. */
import { unquote } from './arguments.ts';
import { UsageError, type LineMagic } from './magic.ts';
import { nearest } from './nearest.ts';

export const env: LineMagic = {
  name: 'env',
  usage: 'env [NAME | NAME=value | NAME value]',
  summary: 'All environment variables, the value of one, or sets one.',
  completes: 'environment',
  line(args, context) {
    if (args === '')
      return Object.fromEntries(Object.entries(process.env).sort(([a], [b]) => (a < b ? -1 : 1)));
    const assignment = /^([^\s=]+)(?:\s*=\s*|\s+)(.*)$/s.exec(args);
    if (assignment === null) return read(args);
    const [, name = '', typed = ''] = assignment;
    const value = unquote(typed);
    process.env[name] = value;
    context.print(`env: ${name}=${value}\n`);
    return undefined;
  },
};

function read(name: string): string {
  const value = process.env[name];
  if (value !== undefined) return value;
  if (name.includes('=')) throw new UsageError('An environment variable needs a name: %env NAME=value');
  const near = nearest(name, Object.keys(process.env));
  throw new UsageError(
    `The environment variable ${name} is not set.${near.length === 0 ? '' : ` Did you mean ${near.join()}?`} Set it with %env ${name}=value.`,
  );
}
