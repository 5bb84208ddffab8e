/**
 * Subshells: queues of cells beside the main one. Their cells run while those of the main shell await.
 * Source: https://jupyter-client.readthedocs.io/en/stable/messaging.html#create-subshell
 */
import { v4 as uuid } from 'uuid';
import { text } from '../../protocol/content.ts';
import type { Handler } from './handler.ts';

export const createSubshell: Handler = (request, { publisher, execution }) => {
  const id = uuid();
  execution.addSubshell(id);
  publisher.reply(request, 'create_subshell_reply', { status: 'ok', subshell_id: id });
};

/** The cell that runs in it is interrupted, as nobody could do so later. */
export const deleteSubshell: Handler = async (request, { publisher, execution, interrupter }) => {
  const running = execution.removeSubshell(text(request.content, 'subshell_id'));
  if (running !== undefined) await interrupter.interruptCell(running);
  publisher.reply(request, 'delete_subshell_reply', { status: 'ok' });
};

export const listSubshells: Handler = (request, { publisher, execution }) =>
  publisher.reply(request, 'list_subshell_reply', { status: 'ok', subshell_id: execution.subshells });
