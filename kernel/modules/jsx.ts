/** What JSX is compiled to: what `jsx` and its kin in the nearest tsconfig.json say, as TypeScript reads them. */
import type { JsxOptions } from '../language/jsx.ts';
import { tsconfigOf } from './tsconfig.ts';

/**
 * @param folder of the file, or the working directory of the cell
 * @returns undefined for the default: `React.createElement`
 */
export function jsxOptionsOf(folder: string): JsxOptions | undefined {
  const options = tsconfigOf(folder)?.config.compilerOptions;
  if (!options) return undefined;
  const { jsx = '', jsxImportSource, jsxFactory, jsxFragmentFactory } = options;
  // `preserve` leaves it to the next compiler. That is this one.
  const isAutomatic = /^react-jsx/i.test(jsx) || jsxImportSource !== undefined;
  return isAutomatic
    ? { importSource: jsxImportSource ?? 'react', isDevelopment: /^react-jsxdev$/i.test(jsx) }
    : { factory: jsxFactory, fragmentFactory: jsxFragmentFactory };
}
