/** `require` of TypeScript on Node 20, whose module hooks do not reach `require`. */
import { createRequire } from 'node:module';
import { compile } from './compile.ts';
import { compiledExtensions } from './resolve.ts';

interface CompilableModule {
  _compile(code: string, fileName: string): void;
}

/**
 * By `require.extensions`, deprecated in favour of compiling ahead but without a successor on
 * Node 20. A file that is both required and imported is loaded twice there, once in each way.
 */
export function installRequire(): void {
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  const { extensions } = createRequire(import.meta.url);
  for (const extension of compiledExtensions) {
    extensions[extension] = (module, fileName) => {
      (module as unknown as CompilableModule)._compile(compile(fileName, 'commonjs').source, fileName);
    };
  }
}
