import type { Handler } from './handler.ts';

/** Source: https://jupyter-client.readthedocs.io/en/stable/messaging.html#history */
export const history: Handler = async (request, { publisher, history: log }) =>
  publisher.reply(request, 'history_reply', { status: 'ok', history: await log.query(request.content) });
