/** Errors as values: message, frames, properties, and what caused them. */
import { types } from 'node:util';
import { cut, escapeHtml } from '../html.ts';
import { ask, isArray, isTransparent, ownValue, properties } from '../own.ts';
import { errorText, preview } from '../preview.ts';
import type { Rendered } from '../renderer.ts';
import { valueHtml } from './style.ts';

/** Causes of causes, and errors of an AggregateError. */
const DEPTH = 6;
const FEW = 20;

export function renderError(value: object): Rendered | undefined {
  return types.isNativeError(value) ? { html: valueHtml(errorHtml(value, 0)) } : undefined;
}

function errorHtml(error: Error, depth: number): string {
  const message = ownValue(error, 'message');
  const rest = typeof message === 'string' ? message.split('\n').slice(1).join('\n') : '';
  const extra = properties(error)
    .filter(([key]) => !['message', 'stack', 'cause', 'errors', 'name'].includes(key))
    .slice(0, FEW)
    .map(
      ([key, { get, value }]) =>
        `<tr><td><i>${escapeHtml(cut(key, 60))}</i></td><td>${escapeHtml(get ? '[Getter]' : preview(value, 200).text)}</td></tr>`,
    );
  const frames = framesOf(error);
  return [
    `<div><b class="tsloop-bad">${escapeHtml(cut(errorText(error), 500))}</b></div>`,
    rest === '' ? '' : `<pre>${escapeHtml(cut(rest, 2000))}</pre>`,
    extra.length === 0 ? '' : `<table>${extra.join('')}</table>`,
    frames === ''
      ? ''
      : `<details${depth === 0 ? ' open' : ''}><summary><i>stack</i></summary><pre>${escapeHtml(frames)}</pre></details>`,
    depth < DEPTH ? inside('caused by', [ownValue(error, 'cause')], depth) : '',
    depth < DEPTH ? inside('errors', aggregated(error), depth) : '',
  ].join('');
}

/** The one getter that V8 has for all stacks: from Node 21 on it is on each error. Earlier they seem to be values. */
let stackGetter: (() => unknown) | undefined;

function stackOf(error: Error): unknown {
  const { get, value } = Reflect.getOwnPropertyDescriptor(error, 'stack') ?? {};
  if (get === undefined) return value;
  stackGetter ??= Reflect.getOwnPropertyDescriptor(new Error('stack'), 'stack')?.get;
  // Any other getter is the value's own code.
  return get === stackGetter ? ask(() => stackGetter?.call(error)) : undefined;
}

/** Not the message, which V8 puts above them. */
function framesOf(error: Error): string {
  const stack = stackOf(error);
  if (typeof stack !== 'string') return '';
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line));
  return frames
    .slice(0, FEW)
    .map((line) => line.trim())
    .join('\n');
}

function aggregated(error: Error): unknown[] {
  const errors = ownValue(error, 'errors');
  return isArray(errors) ? errors.slice(0, FEW) : [];
}

function inside(title: string, values: readonly unknown[], depth: number): string {
  const shown = values.filter((value) => value !== undefined);
  if (shown.length === 0) return '';
  const parts = shown.map((value) =>
    isTransparent(value) && types.isNativeError(value)
      ? errorHtml(value, depth + 1)
      : escapeHtml(preview(value, 500).text),
  );
  return `<details open><summary><i>${title}</i></summary><div style="margin-left:1.3em">${parts.join('')}</div></details>`;
}
