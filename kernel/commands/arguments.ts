/** Options of a subcommand, by Node's own parser, with errors that say what was meant. */
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { type TypecheckMode, typecheckMode } from '../bridge.ts';
import { UsageError } from './command.ts';
import { nearest } from '../magics/nearest.ts';

type Options = NonNullable<ParseArgsConfig['options']>;

type Values<O extends Options> = ReturnType<
  typeof parseArgs<{ options: O; allowPositionals: true; strict: true }>
>['values'];

export interface Arguments<O extends Options> {
  readonly values: Values<O>;
  readonly positionals: readonly string[];
}

/** @throws UsageError on an unknown option, or an option without its value. */
export function parseOptions<const O extends Options>(
  command: string,
  args: readonly string[],
  options: O,
): Arguments<O> {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options,
      allowPositionals: true,
      strict: true,
    });
    return { values, positionals };
  } catch (error) {
    throw new UsageError(
      `${explain(error as NodeJS.ErrnoException, Object.keys(options))}\nSee: tsloop ${command} --help`,
    );
  }
}

function explain(error: NodeJS.ErrnoException, names: readonly string[]): string {
  if (error.code !== 'ERR_PARSE_ARGS_UNKNOWN_OPTION') return error.message;
  const option = /'(-[^']*)'/.exec(error.message)?.[1] ?? '';
  const [meant] = nearest(option.replace(/^-+/, ''), names);
  return `Unknown option ${option}.${meant === undefined ? '' : ` Did you mean --${meant}?`}`;
}

/** @throws UsageError when the command was given a word that it has no use for. */
export function expectNoPositionals(command: string, positionals: readonly string[]): void {
  if (positionals.length > 0) {
    throw new UsageError(
      `tsloop ${command} takes no argument "${positionals[0]}".\nSee: tsloop ${command} --help`,
    );
  }
}

/** @throws UsageError for a mode that there is not */
export function typecheckOption(word: string | undefined): TypecheckMode | undefined {
  const mode = typecheckMode(word);
  if (word !== undefined && mode === undefined)
    throw new UsageError(`--typecheck takes on, warn or off, not "${word}".`);
  return mode;
}
