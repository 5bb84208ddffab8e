/** One text can be larger than any client bears: of such the beginning is shown, and how much is missing. */
import type { CellError, MimeBundle } from '../bridge.ts';
import { settings, showSize } from '../magics/settings.ts';

/** Pictures, HTML and data may be so long in any case: cut off they would be nothing, and clients take them as they are. */
const RICH_LIMIT = 16 * 2 ** 20;

const change = 'which %config output.limit = 64MB would change.';

function notice(missing: number): string {
  const limit = showSize(settings['output.limit'].value);
  return (
    `… ${missing.toLocaleString('en-US')} more characters are not shown: ` +
    `one text is shown up to output.limit = ${limit}, ${change}`
  );
}

/** The text, or its beginning with a notice behind it. */
export function limited(text: string): string {
  const { value: limit } = settings['output.limit'];
  return text.length <= limit ? text : `${text.slice(0, limit)}\n${notice(text.length - limit)}\n`;
}

/** As many bytes as may be shown, and what is to be said behind them. */
export function limitedBytes(bytes: Uint8Array): [Uint8Array, string] {
  const { value: limit } = settings['output.limit'];
  if (bytes.byteLength <= limit) return [bytes, ''];
  return [bytes.subarray(0, limit), `\n${notice(bytes.byteLength - limit)}\n`];
}

/** A bundle without the forms that are too long; of plain text the beginning stays. */
export function limitedBundle(data: MimeBundle): MimeBundle {
  const { value: limit } = settings['output.limit'];
  const richLimit = Math.max(limit, RICH_LIMIT);
  const isLong = (type: string, value: unknown): value is string =>
    typeof value === 'string' && value.length > (type === 'text/plain' ? limit : richLimit);
  const long = Object.entries(data).filter(([type, value]) => isLong(type, value));
  if (long.length === 0) return data;
  const { 'text/plain': plain, ...rich } = data;
  const left = long.filter(([type]) => type !== 'text/plain');
  const notices = left.map(
    ([type, value]) =>
      `… ${(value as string).length.toLocaleString('en-US')} characters of ${type} are not shown: ` +
      `they would be at most ${showSize(richLimit)}, ${change}`,
  );
  const text = [...(typeof plain === 'string' ? [limited(plain)] : []), ...notices].join('\n');
  const kept = Object.entries(rich).filter(([type, value]) => !isLong(type, value));
  return { ...Object.fromEntries(kept), 'text/plain': text };
}

export function limitedError({ ename, evalue, traceback }: CellError): CellError {
  return { ename: limited(ename), evalue: limited(evalue), traceback: traceback.map(limited) };
}
