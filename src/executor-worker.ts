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

export default function run({ source, prelude, args }: ThreadTask): unknown {
  if (prelude !== prepared) {
    // oxlint-disable-next-line typescript/no-implied-eval -- it comes from this very program
    new Function('importFrom', prelude)(importFrom);
    prepared = prelude;
  }
  return compile(source)(...args);
}

type Compiled = (...args: readonly unknown[]) => unknown;

function compile(source: string): Compiled {
  try {
    return evaluate(`(${source})`);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // Methods are written without the word `function`.
    return evaluate(`Object.values({ ${source} })[0]`);
  }
}

function evaluate(expression: string): Compiled {
  // oxlint-disable-next-line typescript/no-implied-eval -- the function comes from this very program
  return new Function('require', `return ${expression};`)(require) as Compiled;
}
