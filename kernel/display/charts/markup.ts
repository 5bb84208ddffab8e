/** Elements of a DOM outside of a browser (jsdom, linkedom, domino), as Observable Plot and D3 make them. */
import { ask, hasAll, hasMethod, isArray, ownValue } from '../own.ts';
import { svgText } from '../forms.ts';
import { COLORS, cut, styleElement, textOfMarkup } from '../html.ts';
import type { Rendered } from '../renderer.ts';
import { isInert } from './inert.ts';
import { plotText } from './plot-text.ts';
import { standaloneSvg } from './standalone.ts';

const SVG = 'http://www.w3.org/2000/svg';

interface Element {
  readonly outerHTML: string;
  readonly tagName: string;
  readonly namespaceURI?: string | null;
  readonly parentNode?: Element | null;
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
  const markup = element && ask(() => wholeOf(element)?.outerHTML);
  return typeof markup === 'string' ? renderMarkup(markup) : undefined;
}

/**
 * Of a part of an SVG picture, such as the circles that D3 has joined last, the picture: by itself it is not seen.
 * Undefined for a part of none.
 */
function wholeOf(element: Element): Element | undefined {
  if (element.namespaceURI !== SVG) return element;
  let whole: Element | undefined;
  for (let each: Element | null | undefined = element; each; each = each.parentNode)
    if (each.namespaceURI === SVG && each.tagName.toLowerCase() === 'svg') whole = each;
  return whole;
}

/**
 * Pictures keep their size where there is room. What has no colour of its own has the page's: SVG by itself would be
 * black, and what Plot calls the background white. Plot's titles are those of a figure, not of the page.
 */
function styleOf(markup: string): string {
  const rules = ['.tsloop-markup svg { max-width: 100%; height: auto; overflow: visible }'];
  if (markup.includes('<svg')) rules.push('.tsloop-markup svg:not([fill], svg svg) { fill: currentColor }');
  if (markup.includes('class="plot-')) rules.push(PLOT);
  return styleElement(rules.join('\n'));
}

const PLOT = `
.tsloop-markup [class^="plot-"] { --plot-background: ${COLORS.background} }
.tsloop-markup figure[class^="plot-"] { margin: 4px 0 }
.tsloop-markup figure[class^="plot-"] > h2 { font-size: 16px; font-weight: 600; line-height: 1.3; margin: 0 }
.tsloop-markup figure[class^="plot-"] > h3 { font-size: 13px; font-weight: normal; line-height: 1.3; margin: 0 0 8px }
.tsloop-markup figure[class^="plot-"] > figcaption { font-size: 13px; color: ${COLORS.dim} }`;

/** Markup that a library has made: not shown as such if a script might be run by it. */
export function renderMarkup(markup: string): Rendered {
  if (!isInert(markup)) {
    const note = 'Markup that may run scripts is not shown; display.html(markup) shows any.';
    return { text: `[${note}]\n${textOfMarkup(markup).slice(0, 2000)}`.trimEnd() };
  }
  const html = `<div class="tsloop-markup">${styleOf(markup)}${markup}</div>`;
  const svg = svgOf(markup);
  if (svg === undefined) return { html, text: textOfMarkup(markup) || '[HTML]' };
  return {
    html,
    data: { 'image/svg+xml': svg },
    text: [pictureText(svg), aroundSvg(markup)].filter((line) => line !== '').join('\n'),
  };
}

/**
 * The largest picture in the markup, which is no legend, as a document of its own for viewers that show no HTML.
 * Undefined for markup that is about more than a picture.
 */
function svgOf(markup: string): string | undefined {
  if (!/^\s*<(?:figure|svg)[\s>]/.test(markup)) return undefined;
  const svg = svgsIn(markup).reduce((largest, each) => (each.length > largest.length ? each : largest), '');
  return svg === '' ? undefined : standaloneSvg(svg);
}

/** `[Plot chart: dot; x: time; y: height; 640 × 400]`, `[SVG picture: 640 × 400]`. */
function pictureText(svg: string): string {
  const plot = plotText(svg);
  if (plot === undefined || plot === '') return svgText(svg);
  return svgText(svg).replace('[SVG picture: ', `[Plot chart: ${cut(plot, 200)}; `);
}

/** The title and caption of a figure. */
function aroundSvg(markup: string): string {
  return textOfMarkup(markup.replaceAll(/<svg\b[^]*<\/svg\s*>/g, ' '));
}

/** The pictures that are in no other one. */
function svgsIn(markup: string): string[] {
  const found: string[] = [];
  let depth = 0;
  let start = 0;
  for (const { 0: tag, index } of markup.matchAll(/<svg\b(?:"[^"]*"|'[^']*'|[^>"'])*>|<\/svg\s*>/g)) {
    if (depth === 0) start = index;
    depth += tag.startsWith('</') ? -1 : tag.endsWith('/>') ? 0 : 1;
    if (depth === 0) found.push(markup.slice(start, index + tag.length));
  }
  return found;
}
