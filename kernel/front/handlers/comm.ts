/** Source: https://jupyter-client.readthedocs.io/en/stable/messaging.html#custom-messages */
import type { CommMessage } from '../../bridge.ts';
import { object, text } from '../../protocol/content.ts';
import type { Request } from '../../protocol/message.ts';
import type { Handler } from './handler.ts';

function read({ content, metadata, buffers }: Request, action: CommMessage['action']): CommMessage {
  return {
    action,
    comm: text(content, 'comm_id'),
    target: action === 'open' ? text(content, 'target_name') : undefined,
    data: object(content, 'data', {}),
    metadata,
    // A copy of its own: a view would take all the memory that it looks at to the other thread.
    buffers: buffers.map((buffer) => Uint8Array.from(buffer)),
  };
}

/** Source: https://jupyter-client.readthedocs.io/en/stable/messaging.html#comm-info */
export const commInfo: Handler = (request, { publisher, comms }) => {
  const target = text(request.content, 'target_name', '');
  publisher.reply(request, 'comm_info_reply', { status: 'ok', comms: comms.info(target) });
};

export const commOpen: Handler = (request, { comms }) => comms.deliver(request.header, read(request, 'open'));

export const commMessage: Handler = (request, { comms }) =>
  comms.deliver(request.header, read(request, 'message'));

export const commClose: Handler = (request, { comms }) =>
  comms.deliver(request.header, read(request, 'close'));
