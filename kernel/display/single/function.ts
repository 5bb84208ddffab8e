/** Functions and classes: their signature, and their source to open. */
import { cut, escapeHtml } from '../html.ts';
import { ask, ownValue } from '../own.ts';
import type { Rendered } from '../renderer.ts';
import { valueHtml } from './style.ts';

/** Characters of source. */
const SOURCE = 4000;
const SIGNATURE = 300;

export function renderFunction(value: object): Rendered | undefined {
  if (typeof value !== 'function') return undefined;
  const source = ask(() => Function.prototype.toString.call(value)) ?? '';
  const signature = signatureOf(value, source);
  const isNative = /\{\s*\[native code\]\s*\}$/.test(source);
  const more = isNative
    ? '<i>native code</i>'
    : `<details><summary><i>source</i></summary><pre>${escapeHtml(cut(source, SOURCE))}</pre></details>`;
  return { html: valueHtml(`<b>${escapeHtml(cut(signature, SIGNATURE))}</b> ${more}`) };
}

/** `async function load(url, { retries = 3 })`, `class Point extends Base`. */
export function signatureOf(value: object, source: string): string {
  const own = ownValue(value, 'name');
  const name = typeof own === 'string' && own !== '' ? own : '';
  const heritage = /^class\b(?:\s+(?!extends\b)[\w$]+)?(?:\s+extends\s+([^{\s][^{]*?))?\s*\{/.exec(source);
  if (source.startsWith('class')) {
    const base = heritage?.[1];
    const parameters = parametersAt(source, source.search(/\bconstructor\s*\(/));
    return `class ${name || '(anonymous)'}${base === undefined ? '' : ` extends ${base}`}${parameters === undefined ? '' : ` { constructor${parameters} }`}`;
  }
  const isAsync = /^(?:static\s+)?async\b(?!\s*(?:=>|[,)]))/.test(source);
  const isGenerator = /^(?:static\s+)?(?:async\s+)?(?:function\s*\*|\*)/.test(source);
  const single = /^(?:async\s+)?([\w$]+)\s*=>/.exec(source)?.[1];
  const parameters = single === undefined ? parametersAt(source, 0) : `(${single})`;
  return `${isAsync ? 'async ' : ''}function${isGenerator ? '*' : ''} ${name || '(anonymous)'}${parameters ?? '(…)'}`;
}

const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** The parameters in parentheses, the first ones from there on, in one line; undefined where there are none. */
function parametersAt(source: string, from: number): string | undefined {
  const start = from < 0 ? -1 : source.indexOf('(', from);
  if (start === -1) return undefined;
  const open: string[] = [];
  let quote = '';
  for (let at = start; at < source.length; at += 1) {
    const character = source[at] ?? '';
    if (quote !== '') {
      if (character === '\\') at += 1;
      else if (character === quote) quote = '';
    } else if (['"', "'", '`'].includes(character)) quote = character;
    else if (character in CLOSING) open.push(CLOSING[character] ?? '');
    else if (character === open.at(-1)) {
      open.pop();
      if (open.length === 0) return source.slice(start, at + 1).replaceAll(/\s+/g, ' ');
    }
  }
  return undefined;
}
