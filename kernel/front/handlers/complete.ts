import { integer, text } from '../../protocol/content.ts';
import { toCodePoints, toUtf16 } from '../codepoints.ts';
import type { Handler } from './handler.ts';

/** Source: https://jupyter-client.readthedocs.io/en/stable/messaging.html#completion */
export const complete: Handler = async (request, { publisher, completer }) => {
  const code = text(request.content, 'code');
  const cursor = integer(request.content, 'cursor_pos', toCodePoints(code, code.length));
  const { matches, start, end } = await completer.complete(code, toUtf16(code, cursor));
  publisher.reply(request, 'complete_reply', {
    status: 'ok',
    matches,
    cursor_start: toCodePoints(code, start),
    cursor_end: toCodePoints(code, end),
    metadata: {},
  });
};
