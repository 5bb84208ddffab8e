/** A file of TypeScript or JSX → the JavaScript module that Node is given in its place. */
import { readFileSync } from 'node:fs';
import { dirname, extname } from 'node:path';
import { mayHaveJsx } from '../language/jsx.ts';
import { tooDeepAt } from '../language/nesting.ts';
import { transpile } from '../language/transpile.ts';
import { toCommonJs } from './commonjs.ts';
import { jsxOptionsOf } from './jsx.ts';
import { errorAt, parse, syntaxErrorOf } from './syntax-error.ts';

type ModuleFormat = 'module' | 'commonjs';

export interface Compiled {
  readonly format: ModuleFormat;
  readonly source: string;
}

function readsJsx(path: string): boolean {
  return path.endsWith('x');
}

/** Words that only mean something in CommonJS: without one of them there is nothing to look into. */
const commonJsWords = /\b(?:require|module|exports|__filename|__dirname)\b/;

function formatOf(path: string, source: string): ModuleFormat {
  const extension = extname(path);
  if (extension === '.cts') return 'commonjs';
  if (extension === '.mts' || !commonJsWords.test(source)) return 'module';
  return parse(path, source).module.hasModuleSyntax ? 'module' : 'commonjs';
}

/**
 * Compiles the file at `path`. `.cts` becomes CommonJS, `.mts` a module, the others a module too
 * unless they use CommonJS and neither import nor export (Node's own rule for an unmarked file).
 *
 * @param as 'commonjs' when `require` asks for it, whatever the file's own format is.
 * @throws SyntaxError whose message ends in `(FILE:LINE:COLUMN)`.
 */
export function compile(path: string, as?: 'commonjs'): Compiled {
  const source = readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  const jsx = readsJsx(path);
  const deep = tooDeepAt(source, jsx);
  if (deep) throw errorAt(path, source, deep);
  const jsxOptions = jsx && mayHaveJsx(source) ? jsxOptionsOf(dirname(path)) : undefined;
  const options = { jsx, jsxOptions, fileName: path };
  try {
    const format = as ?? formatOf(path, source);
    if (format === 'commonjs') return { format, source: toCommonJs(source, options) };
    return { format, source: transpile(source, { ...options, sourceMap: 'inline' }).code };
  } catch (error) {
    // swc marks what it says about the source with this code; anything else is no matter of syntax.
    throw (error as { code?: unknown }).code === 'GenericFailure'
      ? syntaxErrorOf(path, source, error)
      : error;
  }
}
