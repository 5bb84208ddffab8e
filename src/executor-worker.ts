/** Runs in the worker threads of `ThreadPoolExecutor`. */
import { createRequire } from 'node:module';
import path from 'node:path';
import type { ThreadTask } from './executor.ts';

const require = createRequire(path.join(process.cwd(), 'index.js'));

export default function run({ source, name, args }: ThreadTask): unknown {
  return compile(source, name)(...args);
}

type Compiled = (...args: readonly unknown[]) => unknown;

function compile(source: string, name: string): Compiled {
  try {
    return evaluate(`(${source})`);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // Methods are written without the word `function`.
    return evaluate(`Object.values({ ${source} })[0]`);
  } finally {
    void name;
  }
}

function evaluate(expression: string): Compiled {
  // oxlint-disable-next-line typescript/no-implied-eval -- the function comes from this very program
  return new Function('require', `return ${expression};`)(require) as Compiled;
}
