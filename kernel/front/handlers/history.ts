import type { Handler } from './handler.ts';

/** Source: https://jupyter-client.readthedocs.io/en/stable/messaging.html#history */
export const history: Handler = (request, services) =>
  services.publisher.reply(request, 'history_reply', {
    status: 'ok',
    history: services.history.query(request.content),
  });
