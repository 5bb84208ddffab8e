/**
 * Promises that are rejected while a loop runs, and that nobody has a handler for: Node would end the
 * process. The loop takes them, as it takes the errors of callbacks.
 */
import type { BaseLoop } from './base-loop.ts';

let taker: BaseLoop | null = null;
let isListening = false;

const take = (reason: unknown): void => {
  taker?.callExceptionHandler({ message: 'Unhandled rejection of a promise', exception: reason });
};

/**
 * @internal To be called when a run begins; returns what ends it. Does nothing where somebody else
 * listens to the rejections of this process already.
 */
export function takeFloatingRejections(loop: BaseLoop): () => void {
  if (!isListening && process.listenerCount('unhandledRejection') > 0) return () => {};
  taker = loop;
  if (!isListening) process.on('unhandledRejection', take);
  isListening = true;
  return () => {
    // What the last step has left is told of when its ticks and microtasks are through.
    setImmediate(() => {
      if (taker !== loop || loop.isRunning()) return;
      taker = null;
      isListening = false;
      process.removeListener('unhandledRejection', take);
    });
  };
}
