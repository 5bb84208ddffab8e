/** Small values: addresses, dates, promises. */
import { types } from 'node:util';
import { cut, escapeHtml } from '../html.ts';
import { ask } from '../own.ts';
import { dateText } from '../preview.ts';
import type { Rendered, RenderContext } from '../renderer.ts';
import { valueHtml } from './style.ts';

const { get: hrefOf } = Reflect.getOwnPropertyDescriptor(URL.prototype, 'href') ?? {};

/** Addresses that a click may lead to; `javascript:` and `data:` are none of them. */
const followed = /^(?:https?|ftp|mailto):/;

/** A URL as a link, with its parts. */
export function renderUrl(value: object): Rendered | undefined {
  // Node's own getter throws for anything that is no URL.
  const href = value instanceof URL ? ask(() => hrefOf?.call(value) as string) : undefined;
  if (href === undefined) return undefined;
  const url = new URL(href);
  const text = escapeHtml(cut(href, 2000));
  const link = followed.test(href)
    ? `<a href="${escapeHtml(href)}" target="_blank" rel="noopener noreferrer">${text}</a>`
    : text;
  const parts: Array<readonly [string, string]> = [
    ['protocol', url.protocol],
    ['host', url.host],
    ['path', url.pathname],
    ...[...url.searchParams].slice(0, 50).map(([name, each]) => [`?${name}`, each] as const),
    ['hash', url.hash],
  ];
  const rows = parts
    .filter(([, part]) => part !== '')
    .map(
      ([name, part]) =>
        `<tr><td><i>${escapeHtml(cut(name, 100))}</i></td><td>${escapeHtml(cut(part, 500))}</td></tr>`,
    );
  return {
    html: valueHtml(
      `${link}<details><summary><i>parts</i></summary><table>${rows.join('')}</table></details>`,
    ),
  };
}

/** A date: the moment, and what that is where the kernel runs. */
export function renderDate(value: object): Rendered | undefined {
  if (!types.isDate(value)) return undefined;
  const iso = dateText(value);
  if (iso === 'Invalid Date') return { html: valueHtml(`<span class="tsloop-bad">Invalid Date</span>`) };
  const local = Date.prototype.toString.call(value);
  return { html: valueHtml(`<time datetime="${iso}">${iso}</time> <i>${escapeHtml(local)}</i>`) };
}

/** What state a promise is in, as far as Node tells without waiting for it. */
export function renderPromise(value: object, { text }: RenderContext): Rendered | undefined {
  if (!types.isPromise(value)) return undefined;
  const [, name = 'Promise', inner = ''] = /^([^{]*?) ?\{\s*([^]*?),?\s*\}$/.exec(text()) ?? [];
  const [state, look, rest] = inner.startsWith('<pending>')
    ? ['pending', 'wait', inner.slice('<pending>'.length)]
    : inner.startsWith('<rejected>')
      ? ['rejected', 'bad', inner.slice('<rejected>'.length)]
      : ['fulfilled', 'good', inner];
  const value_ = rest.replace(/^,?\s+/, '');
  return {
    html: valueHtml(
      `${escapeHtml(name)} <b class="tsloop-${look}">${state}</b>${value_ === '' ? '' : `<pre>${escapeHtml(cut(value_, 5000))}</pre>`}`,
    ),
  };
}
