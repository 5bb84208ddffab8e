/** JSX and React elements as HTML: by React where the notebook has it, by the kernel itself elsewhere. */
import { renderMarkup } from '../charts/markup.ts';
import { ask, ownValue } from '../own.ts';
import type { Rendered, RenderContext } from '../renderer.ts';
import { isElementMark } from './elements.ts';
import { markupOf } from './markup.ts';

interface Server {
  renderToStaticMarkup?(element: object): string;
}

export function renderJsx(value: object, { load }: RenderContext): Rendered | undefined {
  if (!isElementMark(ownValue(value, '$$typeof'))) return undefined;
  const server = ask(() => load?.('react-dom/server') as Server | undefined);
  const markup = ask(() => server?.renderToStaticMarkup?.(value)) ?? ask(() => markupOf(value));
  return markup === undefined ? undefined : renderMarkup(markup);
}
