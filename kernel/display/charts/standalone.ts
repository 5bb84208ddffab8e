/** SVG as it stands in HTML → a document of its own, which is XML: what HTML lets pass is an error there. */

/** A start tag: what is in quotes may have a `>` in it. */
const tag = /<[A-Za-z](?:"[^"]*"|'[^']*'|[^>"'])*>/g;

/** @param svg an `<svg>` element as a DOM writes it */
export function standaloneSvg(svg: string): string {
  const xml = svg
    .replaceAll(tag, (found) => found.replaceAll(/"[^"]*"/g, (value) => value.replaceAll('<', '&lt;')))
    .replaceAll('&nbsp;', '&#160;');
  const needs = [
    ['xmlns', 'http://www.w3.org/2000/svg', true],
    ['xmlns:xlink', 'http://www.w3.org/1999/xlink', /\sxlink:\w+=/.test(xml)],
  ] as const;
  const start = xml.match(tag)?.[0] ?? '';
  const missing = needs
    .filter(([name, , isNeeded]) => isNeeded && !start.includes(` ${name}=`))
    .map(([name, address]) => ` ${name}="${address}"`);
  return `<svg${missing.join('')}${xml.slice('<svg'.length)}`;
}
