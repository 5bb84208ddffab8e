/** Elements of a DOM outside of a browser (jsdom, linkedom, domino), as Observable Plot and D3 make them. */
import { ask, hasAll, hasMethod, isArray, ownValue } from '../own.ts';
import { svgText } from '../forms.ts';
import { styleElement, textOfMarkup } from '../html.ts';
import type { Rendered } from '../renderer.ts';
import { isInert } from './inert.ts';

interface Element {
  readonly outerHTML: string;
}

/** An element, or what a D3 selection has selected first. */
function elementOf(value: object): Element | undefined {
  if (hasAll(value, ['outerHTML', 'nodeType', 'tagName'])) return value as Element;
  const isSelection =
    isArray(ownValue(value, '_groups')) && hasMethod(value, 'node') && hasMethod(value, 'selectAll');
  const node = isSelection ? ask(() => (value as { node(): unknown }).node()) : undefined;
  return typeof node === 'object' && node !== null && hasAll(node, ['outerHTML'])
    ? (node as Element)
    : undefined;
}

export function renderElement(value: object): Rendered | undefined {
  const element = elementOf(value);
  const markup = element && ask(() => element.outerHTML);
  return typeof markup === 'string' ? renderMarkup(markup) : undefined;
}

/** Pictures keep their size where there is room; text without a colour of its own has the page's. */
const STYLE = styleElement('.tsloop-markup svg { max-width: 100%; height: auto; overflow: visible }');

/** Markup that a library has made: not shown as such if a script might be run by it. */
export function renderMarkup(markup: string): Rendered {
  if (!isInert(markup)) {
    const note = 'Markup that may run scripts is not shown; display.html(markup) shows any.';
    return { text: `[${note}]\n${textOfMarkup(markup).slice(0, 2000)}`.trimEnd() };
  }
  const html = `<div class="tsloop-markup">${STYLE}${markup}</div>`;
  const svg = svgOf(markup);
  if (svg === undefined) return { html, text: textOfMarkup(markup) || '[HTML]' };
  return {
    html,
    data: { 'image/svg+xml': svg },
    text: [svgText(svg), aroundSvg(markup)].filter((line) => line !== '').join('\n'),
  };
}

/** The first picture in the markup as a document of its own, for viewers that show no HTML. */
function svgOf(markup: string): string | undefined {
  const start = /^(?:\s*<figure\b[^]*?)?\s*(?=<svg[\s>])/.exec(markup)?.[0].length;
  if (start === undefined) return undefined;
  const svg = markup.slice(start, endOfSvg(markup, start));
  return /^<svg\b[^>]*\sxmlns=/.test(svg)
    ? svg
    : svg.replace('<svg', '<svg xmlns="http://www.w3.org/2000/svg"');
}

/** The title and caption of a figure. */
function aroundSvg(markup: string): string {
  return textOfMarkup(markup.replaceAll(/<svg\b[^]*<\/svg\s*>/g, ' '));
}

/** Pictures may be nested. */
function endOfSvg(markup: string, start: number): number {
  let depth = 0;
  for (const { 0: found, index } of markup.slice(start).matchAll(/<svg\b|<\/svg\s*>/g)) {
    depth += found.startsWith('</') ? -1 : 1;
    if (depth === 0) return start + index + found.length;
  }
  return markup.length;
}
