/** How JSX is compiled. */
import type { ReactConfig } from '@swc/core';

/** Calls of functions that are in scope, or of those of a package that the compiler imports. */
export type JsxOptions =
  | {
      /** `h`, or a path such as `preact.h`. */
      readonly factory?: string | undefined;
      readonly fragmentFactory?: string | undefined;
    }
  | {
      /** The package whose `jsx-runtime` is imported. */
      readonly importSource: string;
      /** Whether that is its `jsx-dev-runtime`, which is told the places of elements. */
      readonly isDevelopment: boolean;
    };

/** Whether the text may have JSX. */
export function mayHaveJsx(source: string): boolean {
  return /<\/|\/>/.test(source);
}

/** For swc, which follows the comments `@jsx`, `@jsxFrag`, `@jsxImportSource` and `@jsxRuntime` by itself. */
export function reactConfig(source: string, options: JsxOptions = {}): ReactConfig {
  // `<svg:rect/>`
  const common = { throwIfNamespace: false };
  if ('importSource' in options) {
    const { importSource, isDevelopment } = options;
    // Who names the function wants it called.
    const isNamed = /@jsx\s/.test(source) && !/@jsx(?:Runtime|ImportSource)\s/.test(source);
    if (!isNamed) return { ...common, runtime: 'automatic', importSource, development: isDevelopment };
    return { ...common, runtime: 'classic' };
  }
  const { factory, fragmentFactory } = options;
  return {
    ...common,
    runtime: 'classic',
    ...(factory === undefined ? {} : { pragma: factory }),
    ...(fragmentFactory === undefined ? {} : { pragmaFrag: fragmentFactory }),
  };
}
