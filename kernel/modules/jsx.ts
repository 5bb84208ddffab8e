/** What JSX is compiled to: what `jsx` and its kin in the nearest tsconfig.json say, as TypeScript reads them. */
import { createRequire } from 'node:module';
import type { JsxOptions } from '../language/jsx.ts';

/**
 * @param folder of the file, or the working directory of the cell
 * @returns undefined for the default: `React.createElement`
 */
export function jsxOptionsOf(folder: string): JsxOptions | undefined {
  const { getTsconfig } = createRequire(import.meta.url)('get-tsconfig') as typeof import('get-tsconfig');
  try {
    const options = getTsconfig(folder)?.config.compilerOptions;
    if (!options) return undefined;
    const { jsxImportSource, jsxFactory, jsxFragmentFactory } = options;
    // `preserve` leaves it to the next compiler. That is this one.
    const isAutomatic = /^react-jsx/i.test(options.jsx ?? '') || jsxImportSource !== undefined;
    return isAutomatic
      ? { importSource: jsxImportSource ?? 'react', isDevelopment: /^react-jsxdev$/i.test(options.jsx ?? '') }
      : { factory: jsxFactory, fragmentFactory: jsxFragmentFactory };
  } catch {
    // A broken tsconfig.json is the type checker's to report.
    return undefined;
  }
}
