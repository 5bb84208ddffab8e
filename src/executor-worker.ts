/** Runs in the worker threads of `ThreadPoolExecutor`. */
import { createRequire, isBuiltin } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ThreadTask } from './executor.ts';

/** Functions find what they import from the working folder, wherever this file lies. */
const require = createRequire(path.join(process.cwd(), 'index.js'));

function importFrom(specifier: string): Promise<unknown> {
  const isAddress = isBuiltin(specifier) || /^(?:file|data|node):/.test(specifier);
  return import(isAddress ? specifier : pathToFileURL(require.resolve(specifier)).href);
}

let prepared = '';

export default async function run({ source, prelude, args }: ThreadTask): Promise<unknown> {
  try {
    if (prelude !== prepared) {
      // oxlint-disable-next-line typescript/no-implied-eval -- it comes from this very program
      new Function('importFrom', prelude)(importFrom);
      prepared = prelude;
    }
    return await compile(source)(...args);
  } catch (error) {
    countLines(error);
    throw error;
  }
}

type Compiled = (...args: readonly unknown[]) => unknown;

function compile(source: string): Compiled {
  try {
    return evaluate('(', source, ')');
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // Methods are written without the word `function`.
    return evaluate('Object.values({', source, '})[0]');
  }
}

/** What the text of functions is called in stacks. */
const NAME = 'tsloop:function';

/** The lines above that text: two of `new Function`, and one of `before`. */
const LINES_ABOVE = 3;

function evaluate(before: string, source: string, after: string): Compiled {
  const body = `return ${before}\n${source}\n${after};\n//# sourceURL=${NAME}`;
  // oxlint-disable-next-line typescript/no-implied-eval -- the function comes from this very program
  return new Function('require', body)(require) as Compiled;
}

const PLACES = new RegExp(`(?<=\\b${NAME}:)\\d+(?=:\\d+)`, 'g');

/** In the stacks of the error and of those that it is made of, lines of the function are counted from its first. */
function countLines(error: unknown, seen: Set<unknown> = new Set()): void {
  if (!(error instanceof Error) || seen.has(error)) return;
  seen.add(error);
  try {
    const { stack } = error;
    if (stack !== undefined)
      error.stack = stack.replace(PLACES, (line) => String(Number(line) - LINES_ABOVE));
  } catch {
    // It does not let itself be changed.
  }
  countLines(error.cause, seen);
  if (error instanceof AggregateError) for (const each of error.errors) countLines(each, seen);
}
