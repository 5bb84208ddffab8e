/** Does a cell run? With all that tsloop needs for it, in a fresh process. */
import { tmpdir } from 'node:os';
import type { ToFront } from '../bridge.ts';
import { RuntimeProcess } from '../embedded/runtime-process.ts';

/** Seconds after which a start counts as failed: fifty times what it takes. */
const patience = 30;

/**
 * @returns milliseconds from the start of the process to the result of `1+1`.
 * @throws Error saying how far it came.
 */
export async function testStart(): Promise<number> {
  const start = performance.now();
  const runtime = new RuntimeProcess(tmpdir());
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<number>((resolve, reject) => {
      let result = '';
      let stderr = '';
      timer = setTimeout(() => reject(new Error(`No result of 1+1 after ${patience} s`)), patience * 1000);
      void runtime.ended.then((reason) => reject(new Error(`The process of the cells died: ${reason}\n${stderr}`.trim())));
      runtime.port.onMessage((message: ToFront) => {
        if (message.type === 'stream') stderr += message.text;
        if (message.type === 'result') result = String(message.data['text/plain']);
        if (message.type === 'done') {
          if (result === '2') resolve(performance.now() - start);
          else reject(new Error(`The result of 1+1 is "${result}": ${JSON.stringify(message.outcome)}`));
        }
      });
      runtime.port.post({
        type: 'execute',
        request: { cell: 1, code: '1+1', executionCount: 1, silent: false, userExpressions: {} },
      });
    });
  } finally {
    clearTimeout(timer);
    await runtime.close();
  }
}
