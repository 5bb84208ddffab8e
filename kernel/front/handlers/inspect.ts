import { integer, text } from '../../protocol/content.ts';
import { toCodePoints, toUtf16 } from '../codepoints.ts';
import type { Handler } from './handler.ts';

/** Source: https://jupyter-client.readthedocs.io/en/stable/messaging.html#introspection */
export const inspect: Handler = async (request, { publisher, introspection }) => {
  const code = text(request.content, 'code');
  const cursor = integer(request.content, 'cursor_pos', toCodePoints(code, code.length));
  const detail = integer(request.content, 'detail_level', 0);
  const { found, data } = await introspection.inspect(code, toUtf16(code, cursor), detail);
  publisher.reply(request, 'inspect_reply', { status: 'ok', found, data, metadata: {} });
};
