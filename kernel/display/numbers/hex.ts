/** Bytes as a hex dump: Buffer, ArrayBuffer, DataView, WebAssembly memory. */
import { types } from 'node:util';
import { COLORS, counted, escapeHtml, FONTS, styleElement } from '../html.ts';
import type { Rendered } from '../renderer.ts';

/** Bytes of a line, and of all that is shown. */
const LINE = 16;
const MOST = 512;

const STYLE = styleElement(`
.tsloop-hex { font-family: ${FONTS.code}; font-size: ${FONTS.codeSize}; color: ${COLORS.text} }
.tsloop-hex pre { margin: 4px 0; line-height: 1.4; background: none; white-space: pre; overflow-x: auto }
.tsloop-hex i, .tsloop-hex p { font-style: normal; color: ${COLORS.dim} }
.tsloop-hex p { margin: 0 }`);

/** The bytes of a value that is about bytes; undefined for others. */
function bytesOf(value: object): Uint8Array | undefined {
  if (Buffer.isBuffer(value)) return value;
  if (types.isAnyArrayBuffer(value)) return new Uint8Array(value);
  if (types.isDataView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  return undefined;
}

export function renderBytes(value: object): Rendered | undefined {
  const bytes = bytesOf(value);
  if (bytes === undefined || bytes.length === 0) return undefined;
  const title = Buffer.isBuffer(value) ? 'Buffer' : types.isDataView(value) ? 'DataView' : 'ArrayBuffer';
  return { html: hexHtml(bytes, title) };
}

function hexHtml(bytes: Uint8Array, title: string): string {
  const shown = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, MOST));
  const lines: string[] = [];
  for (let at = 0; at < shown.length; at += LINE) {
    const line = shown.subarray(at, at + LINE);
    const hex = Array.from(
      line,
      (byte, i) => `${byte.toString(16).padStart(2, '0')}${i === 7 ? ' ' : ''}`,
    ).join(' ');
    const text = Array.from(line, (byte) =>
      byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '·',
    ).join('');
    const offset = at.toString(16).padStart(8, '0');
    lines.push(`<i>${offset}</i>  ${hex.padEnd(LINE * 3)}  <i>${escapeHtml(text)}</i>`);
  }
  const left = bytes.length - shown.length;
  if (left > 0) lines.push(`<i>… ${counted(left, 'more byte')}</i>`.replace('more bytes', 'bytes more'));
  return `<div class="tsloop-hex">${STYLE}<p>${escapeHtml(title)}, ${counted(bytes.length, 'byte')}</p><pre>${lines.join('\n')}</pre></div>`;
}
