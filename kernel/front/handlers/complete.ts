import { integer, text } from '../../protocol/content.ts';
import { toCodePoints, toUtf16 } from '../codepoints.ts';
import type { Handler } from './handler.ts';

/**
 * Source: https://jupyter-client.readthedocs.io/en/stable/messaging.html#completion; the metadata are those
 * of IPython's kernel, which clients read by the place of the match in the list.
 */
export const complete: Handler = async (request, { publisher, completer }) => {
  const code = text(request.content, 'code');
  const cursor = integer(request.content, 'cursor_pos', toCodePoints(code, code.length));
  const offset = toUtf16(code, cursor);
  const completion = await completer.complete(code, offset);
  const start = toCodePoints(code, completion.start);
  const end = toCodePoints(code, offset);
  publisher.reply(request, 'complete_reply', {
    status: 'ok',
    matches: completion.candidates.map((candidate) => candidate.text),
    cursor_start: start,
    cursor_end: end,
    metadata: {
      _jupyter_types_experimental: completion.candidates.map(({ text: match, kind, signature = '' }) => ({
        start,
        end,
        text: match,
        type: kind,
        signature,
      })),
    },
  });
};
