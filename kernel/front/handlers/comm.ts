import { text } from '../../protocol/content.ts';
import type { Handler } from './handler.ts';

/** Source: https://jupyter-client.readthedocs.io/en/stable/messaging.html#comm-info */
export const commInfo: Handler = (request, { publisher }) =>
  publisher.reply(request, 'comm_info_reply', { status: 'ok', comms: {} });

/**
 * No targets are registered: as the protocol demands, an opened comm is closed at once, so that the
 * other side does not wait.
 */
export const commOpen: Handler = (request, { publisher }) =>
  publisher.publish(request.header, 'comm_close', { comm_id: text(request.content, 'comm_id'), data: {} });
