/** TypeScript → CommonJS, for `.cts` files (whose `import x = require()` and `export =` only exist there) and `require`. */
import type { Options } from '@swc/core';
import { createRequire } from 'node:module';
import { type JsxOptions, reactConfig } from '../language/jsx.ts';

export interface CommonJsOptions {
  readonly jsx: boolean;
  readonly jsxOptions?: JsxOptions | undefined;
  readonly fileName: string;
}

/** @throws Error with swc's message when the source is no TypeScript. */
export function toCommonJs(source: string, { jsx, jsxOptions, fileName }: CommonJsOptions): string {
  const swc = createRequire(import.meta.url)('@swc/core') as typeof import('@swc/core');
  const options: Options = {
    filename: fileName,
    swcrc: false,
    configFile: false,
    sourceMaps: 'inline',
    inlineSourcesContent: true,
    // Node's import() stays what it is: from CommonJS it is the only way to a module.
    module: { type: 'commonjs', ignoreDynamic: true },
    jsc: {
      target: 'es2022',
      parser: { syntax: 'typescript', tsx: jsx, decorators: true },
      transform: { decoratorVersion: '2022-03', react: reactConfig(source, jsxOptions) },
    },
  };
  return swc.transformSync(source, options).code;
}
