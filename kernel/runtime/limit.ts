/** One text can be larger than any client bears: of such the beginning is shown, and how much is missing. */
import type { CellError, MimeBundle } from '../bridge.ts';
import { settings, showSize } from '../magics/settings.ts';

function notice(missing: number): string {
  const limit = showSize(settings['output.limit'].value);
  return (
    `… ${missing.toLocaleString('en-US')} more characters are not shown: ` +
    `one text is shown up to output.limit = ${limit}, which %config output.limit = 64MB would change.`
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

/** A bundle without the texts that are too long; of plain text the beginning stays. */
export function limitedBundle(data: MimeBundle): MimeBundle {
  const { value: limit } = settings['output.limit'];
  const isLong = (value: unknown): value is string => typeof value === 'string' && value.length > limit;
  if (!Object.values(data).some(isLong)) return data;
  const kept = Object.entries(data).filter(([type, value]) => type === 'text/plain' || !isLong(value));
  const plain = data['text/plain'];
  const left = Object.entries(data).filter(([type, value]) => type !== 'text/plain' && isLong(value));
  const notices = left.map(([type, value]) => `${type}: ${notice((value as string).length)}`);
  const text = [...(typeof plain === 'string' ? [limited(plain)] : []), ...notices].join('\n');
  return { ...Object.fromEntries(kept), 'text/plain': text };
}

export function limitedError({ ename, evalue, traceback }: CellError): CellError {
  return { ename: limited(ename), evalue: limited(evalue), traceback: traceback.map(limited) };
}
