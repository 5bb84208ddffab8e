/** Stops, for the front's heap guard, microtasks that V8's debugger must not pause. See shared/frameless.ts. */
import { GCProfiler } from 'node:v8';
import type { Frameless } from '../bridge.ts';
import { endMicrotasks, interruptedFiles } from './interrupt.ts';

export interface FramelessGuard {
  /**
   * To be called through the inspector, time and again, in the middle of whatever runs. Ends such microtasks if they
   * have run without end since the last call, and the latest collection of all garbage has left more than this of the heap.
   * @param most in bytes
   */
  look(most: number): Frameless;
  /** Records collections of garbage no longer. */
  end(): void;
}

export function makeFramelessGuard(): FramelessGuard {
  /** Turns of the event loop at the last call. An idle thread makes one for each call. Node 20 does not count them. */
  let turns: number | undefined;
  let profiler: GCProfiler | undefined;
  /** In bytes. */
  let left = 0;
  return {
    look: (most) => {
      for (const { gcType, afterGC } of profiler?.stop().statistics ?? [])
        if (gcType === 'MarkSweepCompact') left = afterGC.heapStatistics.usedHeapSize;
      profiler = new GCProfiler();
      profiler.start();
      const { uvMetricsInfo } = performance.nodeTiming as { uvMetricsInfo?: { readonly loopCount: number } };
      const last = turns;
      turns = uvMetricsInfo?.loopCount;
      // What runs in a callback has a part of Node below it.
      const isFrameless = !interruptedFiles().at(-1)?.startsWith('node:');
      if (turns === undefined || turns !== last || !isFrameless) return 'no';
      if (left <= most) return 'yes';
      endMicrotasks();
      return 'ended';
    },
    end: () => {
      profiler?.stop();
      profiler = undefined;
      left = 0;
    },
  };
}
