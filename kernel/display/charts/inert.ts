/**
 * Whether markup that some library has made is nothing but a picture or a text: whether a page may take it in without
 * any script being run. It is told by what is allowed, not by what is known to be bad; what is not wholly understood
 * counts as dangerous. Nothing is repaired: markup is shown as it is or not at all.
 */

/** Elements that neither run anything nor load documents, and in which text is read as elsewhere. */
const ELEMENTS: ReadonlySet<string> = new Set(
  (
    'a abbr article aside b bdi bdo big blockquote br button caption center cite code col colgroup data datalist dd del details ' +
    'dfn div dl dt em fieldset figcaption figure font footer h1 h2 h3 h4 h5 h6 header hgroup hr i img input ins kbd label ' +
    'legend li main mark menu meter nav ol optgroup option output p picture pre progress q rp rt ruby s samp section ' +
    'select small span strike strong sub summary sup table tbody td tfoot th thead time tr tt u ul var wbr ' +
    'svg g defs symbol use path rect circle ellipse line polyline polygon text tspan textpath image marker mask ' +
    'clippath pattern lineargradient radialgradient stop filter title desc metadata switch view ' +
    'feblend fecolormatrix fecomponenttransfer fecomposite feconvolvematrix fediffuselighting fedisplacementmap ' +
    'fedistantlight fedropshadow feflood fefunca fefuncb fefuncg fefuncr fegaussianblur feimage femerge femergenode ' +
    'femorphology feoffset fepointlight fespecularlighting fespotlight fetile feturbulence style'
  ).split(' '),
);

/** Attributes whose value is an address. */
const ADDRESSES = new Set(['href', 'xlink:href', 'src', 'cite', 'poster', 'background']);
/** Attributes that load, send or name something that is run. */
const FORBIDDEN = new Set([
  'srcdoc',
  'srcset',
  'action',
  'formaction',
  'form',
  'ping',
  'data',
  'attributename',
  'target',
  'is',
  'autofocus',
]);

/** An element's start or end, up to the `>`; attributes in quotes, or without any blank or quote. */
const tag =
  /<(\/?)([A-Za-z][\w-]*)((?:\s+[A-Za-z_:][\w:.-]*(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'=<>`]+))?)*)\s*(\/?)>/y;
const attribute = /([A-Za-z_:][\w:.-]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?/g;
const comment = /<!--(?!-?>)(?:(?!--)[^])*-->/y;

/** Whether no part of the markup can run a script in the page that it is put into. */
export function isInert(markup: string): boolean {
  for (let at = 0; at < markup.length;) {
    const next = markup.indexOf('<', at);
    if (next === -1) return true;
    comment.lastIndex = next;
    if (comment.test(markup)) {
      at = comment.lastIndex;
      continue;
    }
    tag.lastIndex = next;
    const found = tag.exec(markup);
    if (!found) return false;
    const [, closing, name = '', attributes = ''] = found;
    at = tag.lastIndex;
    const element = name.toLowerCase();
    if (!ELEMENTS.has(element)) return false;
    if (closing !== '') continue;
    if (
      ![...attributes.matchAll(attribute)].every(([, key = '', ...values]) =>
        isHarmless(element, key, values),
      )
    )
      return false;
    if (element !== 'style') continue;
    // In HTML all is text up to the end tag, in SVG it is not: so nothing in it may look like a tag.
    const end = markup.toLowerCase().indexOf('</style', at);
    const css = markup.slice(at, end === -1 ? undefined : end);
    if (end === -1 || found[4] === '/' || !isHarmlessCss(css) || css.includes('<')) return false;
    at = end;
  }
  return true;
}

function isHarmless(element: string, key: string, values: ReadonlyArray<string | undefined>): boolean {
  const name = key.toLowerCase();
  const value = decoded(values.find((each) => each !== undefined) ?? '');
  if (value === undefined || name.startsWith('on') || FORBIDDEN.has(name)) return false;
  if (name === 'style' && !isHarmlessCss(value)) return false;
  // An input that sends its form, or takes a file.
  if (element === 'input' && name === 'type')
    return /^(?:checkbox|radio|text|number|range|color|date|time|hidden)$/i.test(value);
  return !ADDRESSES.has(name) || isHarmlessAddress(element, value);
}

function isHarmlessAddress(element: string, value: string): boolean {
  const address = value.replaceAll(/[\0-\x20\x7F-\xA0]/g, '').toLowerCase();
  if (/^(?:#|$)/.test(address)) return true;
  // <use> takes another document's elements into this one.
  if (element === 'use') return false;
  if (/^data:image\/(?:png|jpeg|gif|webp);base64,[\d+/=a-z]*$/.test(address)) return element !== 'a';
  return /^(?:https?:|mailto:)/.test(address) || !/^[^/?#]*:/.test(address);
}

/** Scripts in CSS are history; what remains is that it loads more CSS. */
function isHarmlessCss(css: string): boolean {
  return !/@import|expression\s*\(|javascript:|-moz-binding|behavior\s*:|\\/i.test(css);
}

/** An attribute's value without its entities; undefined if it has some that are not known here. */
function decoded(value: string): string | undefined {
  const plain = value.replaceAll(/&(?:amp|lt|gt|quot|apos|nbsp|#\d{1,7}|#x[\da-f]{1,6});/gi, (entity) => {
    const code = /^&#(x?)([\da-f]+);$/i.exec(entity);
    if (!code)
      return (
        { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&apos;': "'" }[entity.toLowerCase()] ?? ' '
      );
    const point = Number.parseInt(code[2] ?? '', code[1] === '' ? 10 : 16);
    return point <= 0x10ffff ? String.fromCodePoint(point) : '�';
  });
  const withoutKnown = value.replaceAll(/&(?:amp|lt|gt|quot|apos|nbsp|#\d{1,7}|#x[\da-f]{1,6});/gi, '');
  // `&colon;`, `&Tab;`, or one that lacks its semicolon.
  return /&[#a-z]/i.test(withoutKnown) ? undefined : plain;
}
