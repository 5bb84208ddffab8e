import type { Handler } from './handler.ts';

/** Deprecated, and part of 5.5. Source: https://jupyter-client.readthedocs.io/en/stable/messaging.html#connect */
export const connect: Handler = (request, { publisher, ports }) => {
  const fields = Object.entries(ports()).map(([socket, port]) => [`${socket}_port`, port]);
  publisher.reply(request, 'connect_reply', { status: 'ok', ...Object.fromEntries(fields) });
};
