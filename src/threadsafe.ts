/** From other threads into the loop. */
import { MessageChannel, type MessagePort } from 'node:worker_threads';

interface CallsSoon {
  isClosed(): boolean;
  callSoon(callback: (...args: readonly unknown[]) => unknown, ...args: readonly unknown[]): unknown;
}

/**
 * @internal A port for another thread, whose messages, arrays of arguments, become calls of `callback` by
 * the loop.
 */
export function openPort(loop: CallsSoon, callback: (...args: never[]) => unknown): MessagePort {
  const { port1, port2 } = new MessageChannel();
  port1.on('message', (args: readonly unknown[]) => {
    if (loop.isClosed()) port1.close();
    else loop.callSoon(callback as (...args: readonly unknown[]) => unknown, ...args);
  });
  // The loop's run keeps the process alive, not what might come.
  port1.unref();
  return port2;
}

/**
 * In a worker thread: has the loop of another thread call what `loop.threadsafePort(callback)` was made
 * for, with arguments that are copied as by `structuredClone`. Wakes the loop if it waits. Calls of one
 * thread are made in their order, each behind all that the loop has ready when it arrives.
 *
 * @example
 * // In the main thread: new Worker(file, { workerData: port, transferList: [port] })
 * const port = getEventLoop().threadsafePort((text: string) => console.log(text));
 * callThreadsafe(port, 'from a worker');
 */
export function callThreadsafe(port: MessagePort, ...args: readonly unknown[]): void {
  port.postMessage(args);
}
