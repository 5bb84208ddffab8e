/** The forms in which something can be shown on demand: `display.html`, `display.png` and so on. */
import type { JsonObject } from '../protocol/json.ts';
import { cut, textOfMarkup } from './html.ts';
import { base64, brief, checkedJson, type Shown } from './mime.ts';
import type { DisplayOptions, PictureOptions } from './types.ts';

/** What is given to be shown → what is shown. @throws TypeError that says what is wrong with it */
export type Form = (content: unknown, options: PictureOptions & { expanded?: boolean }) => Shown;

/** Of long content the plain text has so many characters; all of it is in the other form. */
const LONG = 20_000;

function textForm(name: string, type: string, plain: (text: string) => string): Form {
  return (content) => {
    if (typeof content !== 'string') throw wrong(name, 'a string', content);
    return { data: { [type]: content, 'text/plain': cut(plain(content), LONG) }, metadata: {} };
  };
}

function wrong(name: string, wanted: string, content: unknown): TypeError {
  return new TypeError(`display.${name} takes ${wanted}, not ${brief(content)}`);
}

function bytesForm(name: string, type: string, what: string): Form {
  return (content, { width, height, alt }) => {
    const data = typeof content === 'string' ? base64Text(content) : base64(content);
    if (data === undefined) throw wrong(name, 'a Uint8Array, an ArrayBuffer or a string of base64', content);
    const metadata: JsonObject = {
      ...(width === undefined ? {} : { width }),
      ...(height === undefined ? {} : { height }),
      ...(alt === undefined ? {} : { alt }),
    };
    return {
      data: { [type]: data, 'text/plain': alt ?? `[${what}]` },
      metadata: Object.keys(metadata).length === 0 ? {} : { [type]: metadata },
    };
  };
}

/** Base64 as it is, or the one in a `data:` URL; undefined for any other text. */
function base64Text(text: string): string | undefined {
  const content = text.replace(/^data:[^,]*;base64,/, '').replaceAll(/\s/g, '');
  return /^[\d+/A-Za-z]+={0,2}$/.test(content) ? content : undefined;
}

/** What SVG markup says of itself: its title or label, or at least its size. Its texts are ticks of axes mostly. */
export function svgText(markup: string): string {
  const [svg = ''] = /<svg\b[^>]*>/.exec(markup) ?? [];
  const attribute = (name: string): string =>
    new RegExp(`\\s${name}=["']([^"']*)`).exec(svg)?.[1]?.trim() ?? '';
  const [width, height] = [attribute('width'), attribute('height')];
  const title = textOfMarkup(/<title\b[^>]*>[^<]*/.exec(markup)?.[0].replace(/^<title/, '<i') ?? '');
  const text =
    title || attribute('aria-label') || (width !== '' && height !== '' ? `${width} × ${height}` : '');
  return `[SVG picture${text === '' ? '' : `: ${cut(text, 200)}`}]`;
}

export const FORMS: Readonly<Record<string, Form>> = {
  html: textForm('html', 'text/html', (markup) => textOfMarkup(markup) || '[HTML]'),
  markdown: textForm('markdown', 'text/markdown', (text) => text),
  svg: textForm('svg', 'image/svg+xml', svgText),
  latex: (content, options) => {
    const isFormula = typeof content === 'string' && !/^\s*(?:\$|\\[[(]|\\begin\b)/.test(content);
    return textForm('latex', 'text/latex', (text) => text)(isFormula ? `$$${content}$$` : content, options);
  },
  javascript: textForm('javascript', 'application/javascript', (code) => code),
  text: textForm('text', 'text/plain', (text) => text),
  json: (content, { expanded }) => ({
    data: {
      'application/json': checkedJson(content, 'display.json: the value'),
      'text/plain': cut(JSON.stringify(content, undefined, 2), LONG),
    },
    metadata: expanded === undefined ? {} : { 'application/json': { expanded } },
  }),
  png: bytesForm('png', 'image/png', 'PNG picture'),
  jpeg: bytesForm('jpeg', 'image/jpeg', 'JPEG picture'),
  gif: bytesForm('gif', 'image/gif', 'GIF picture'),
  webp: bytesForm('webp', 'image/webp', 'WebP picture'),
  pdf: bytesForm('pdf', 'application/pdf', 'PDF document'),
};

/** The metadata that a caller gives, over what the form itself has. @throws TypeError for what is no JSON */
export function withMetadata({ data, metadata }: Shown, { metadata: own }: DisplayOptions): Shown {
  if (own === undefined) return { data, metadata };
  return { data, metadata: { ...metadata, ...(checkedJson(own, 'display: metadata') as JsonObject) } };
}
