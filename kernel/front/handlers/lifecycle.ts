import { flag } from '../../protocol/content.ts';
import type { Handler } from './handler.ts';

/** Source: https://jupyter-client.readthedocs.io/en/stable/messaging.html#kernel-interrupt */
export const interrupt: Handler = async (request, { publisher, interrupter }) => {
  await interrupter.interrupt(request.header);
  publisher.reply(request, 'interrupt_reply', { status: 'ok' });
};

/** Source: https://jupyter-client.readthedocs.io/en/stable/messaging.html#kernel-shutdown */
export const shutdown: Handler = (request, services) => {
  const content = { status: 'ok', restart: flag(request.content, 'restart', false) };
  services.publisher.reply(request, 'shutdown_reply', content);
  services.publisher.publish(request.header, 'shutdown_reply', content);
  services.shutdown();
};
