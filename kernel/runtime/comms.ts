/**
 * `tsloop/comms`: messages of a program's own between cells and clients.
 *
 *     import { Comm, comms } from 'tsloop/comms';
 *     comms.registerTarget('echo', (comm) => comm.onMessage(({ data }) => comm.send(data)));
 */
export { Comm, comms } from './comm-registry.ts';
export type { CommBuffer, CommEvent, CommHandler, CommRegistry, CommTarget } from './comm-registry.ts';
