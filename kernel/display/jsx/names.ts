/** How React's names of attributes and style properties are written in HTML. */
import { properties } from '../own.ts';

/** Elements without content or end tag: https://html.spec.whatwg.org/multipage/syntax.html#void-elements */
export const VOID: ReadonlySet<string> = new Set(
  'area base br col embed hr img input link meta source track wbr'.split(' '),
);

const SPECIAL: Readonly<Record<string, string>> = {
  className: 'class',
  htmlFor: 'for',
  httpEquiv: 'http-equiv',
  acceptCharset: 'accept-charset',
  defaultValue: 'value',
  defaultChecked: 'checked',
  xlinkHref: 'xlink:href',
  xmlnsXlink: 'xmlns:xlink',
  xmlSpace: 'xml:space',
};

/** SVG attributes that have hyphens; those that are written as in React (`viewBox`) are not among them. */
const HYPHENATED =
  /^(?:accent|alignment|baseline|clip(?!PathUnits)|color(?!$)|dominant|fill|flood|font|glyph|image|letter|lighting|marker(?!Height|Units|Width)|mask(?!ContentUnits|Units)|overline|paint|pointer|shape|stop|strikethrough|stroke|text(?!Length)|transform(?=Origin)|underline|unicode|vector|word|writing)[A-Z]/;

export function attributeName(key: string): string {
  const special = SPECIAL[key];
  if (special !== undefined) return special;
  if (HYPHENATED.test(key)) return hyphenated(key);
  return key;
}

function hyphenated(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** Numbers that are no lengths. */
const UNITLESS =
  /^(?:animationIterationCount|aspectRatio|columnCount|columns|fillOpacity|flex|flexGrow|flexShrink|floodOpacity|fontWeight|gridArea|gridColumn|gridColumnEnd|gridColumnStart|gridRow|gridRowEnd|gridRowStart|lineClamp|lineHeight|opacity|order|orphans|scale|stopOpacity|strokeDashoffset|strokeMiterlimit|strokeOpacity|strokeWidth|tabSize|widows|zIndex|zoom)$/;

/** `{ marginTop: 4, color: 'red' }` as `margin-top:4px;color:red`. */
export function styleText(style: object): string {
  return properties(style)
    .filter(([, { value }]) => ['string', 'number'].includes(typeof value))
    .map(([key, { value }]) => {
      const isLength =
        typeof value === 'number' && value !== 0 && !UNITLESS.test(key) && !key.startsWith('--');
      const name = key.startsWith('--') ? key : hyphenated(key).replace(/^ms-/, '-ms-');
      return `${name}:${String(value)}${isLength ? 'px' : ''}`;
    })
    .join(';');
}
