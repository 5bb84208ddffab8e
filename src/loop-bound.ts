import { LoopRuntimeError } from './errors.ts';
import type { EventLoop } from './loop.ts';
import { getRunningLoop } from './policy.ts';
import { inspectAsText } from './repr.ts';

/**
 * What the synchronization primitives have in common: each belongs to the first loop on which somebody
 * had to wait for it, and refuses to let anybody wait on another. Making one needs no loop.
 */
export abstract class LoopBound {
  static {
    inspectAsText(this);
  }

  #loop: EventLoop | null = null;

  /**
   * @internal The running loop.
   * @throws RuntimeError if none runs, or if it is not the loop of the earlier waits
   */
  protected _getLoop(): EventLoop {
    const loop = getRunningLoop();
    this.#loop ??= loop;
    if (loop !== this.#loop) {
      throw new LoopRuntimeError(`${this.toString()} is bound to a different event loop`);
    }
    return loop;
  }

  /** `<Class [state]>` */
  abstract toString(): string;
}
