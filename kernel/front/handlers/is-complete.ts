import { text } from '../../protocol/content.ts';
import type { Handler } from './handler.ts';

/** Source: https://jupyter-client.readthedocs.io/en/stable/messaging.html#code-completeness */
export const isComplete: Handler = async (request, { publisher }) => {
  const code = text(request.content, 'code');
  // The parser is loaded with the first such request, not with the kernel.
  const { cellCompleteness } = await import('../completeness.ts');
  publisher.reply(request, 'is_complete_reply', cellCompleteness(code));
};
