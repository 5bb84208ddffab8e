/** What cells find of other kernels, so that their notebooks run here; and JSX without React. */
import { makeDeno } from '../compat/deno.ts';
import { makeTslab } from '../compat/tslab.ts';
import type { JsxFactory } from '../compat/types.ts';
import type { DisplaySink } from '../display/api.ts';
import { createElement, Fragment } from '../display/jsx/elements.ts';
import type { Display } from '../display/types.ts';
import type { CellGlobal } from '../language/globals.ts';
import { languageInfo } from '../protocol/language-info.ts';
import { currentCell } from './cells.ts';
import { provideModule } from './imports.ts';
import type { Output } from './output.ts';

/** What each of the globals is that only cells see. */
export function cellGlobals(
  display: Display,
  sink: DisplaySink,
  output: Output,
): Record<CellGlobal, () => unknown> {
  provideModule('tslab', () => {
    const tslab = makeTslab(display, languageInfo.version);
    return { ...tslab, default: tslab };
  });
  return {
    Deno: () =>
      makeDeno(display, sink, (messageType, content, metadata, buffers) => {
        const cell = currentCell()?.id ?? 0;
        output.emit({ type: 'broadcast', cell, messageType, content, metadata, buffers });
      }),
    React: (): JsxFactory => ({ createElement, Fragment }) as unknown as JsxFactory,
  };
}
