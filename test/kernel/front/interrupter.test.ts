/** What an interrupt asks of the main thread, and of whose code. */
import assert from 'node:assert/strict';
import type { CellId, FrontPort, ToRuntime } from '../../../kernel/bridge.ts';
import { Interrupter } from '../../../kernel/front/interrupter.ts';

type Listener = Parameters<FrontPort['onMessage']>[0];
type Parts = ConstructorParameters<typeof Interrupter>;

/** A main thread that is too slow to answer, until it has been told `looks` times to end what runs. */
function interrupterOf(running: CellId[], looks: number): { interrupter: Interrupter; asked: string[] } {
  const asked: string[] = [];
  const listeners: Listener[] = [];
  const runtime: FrontPort = {
    post: (message: ToRuntime) => {
      if (message.type !== 'interrupt' || asked.length < looks) return;
      const { id } = message;
      setImmediate(() => {
        for (const listener of listeners) listener({ type: 'interrupted', id, running: undefined });
      });
    },
    onMessage: (listener) => {
      listeners.push(listener);
    },
  };
  const main = {
    post: async (_method: string, { expression }: { expression: string }): Promise<unknown> => {
      asked.push(/terminate\((.*)\)/.exec(expression)?.[1] ?? expression);
      return { result: { value: 'not now' } };
    },
  };
  const execution = {
    get runningCells(): CellId[] {
      return running;
    },
    settle: (): void => {},
  };
  const questions = { withdraw: (): void => {} };
  const interrupter = new Interrupter(
    runtime,
    main as unknown as Parts[1],
    execution as unknown as Parts[2],
    questions as unknown as Parts[3],
  );
  return { interrupter, asked };
}

describe('an interrupt', () => {
  it('that was meant for no cell leaves those alone that begin before it is taken, and begins gently', async () => {
    const running: CellId[] = [];
    const { interrupter, asked } = interrupterOf(running, 2);
    const taken = interrupter.interrupt();
    running.push(7);
    assert.equal(await taken, true);
    assert.equal(asked[0], '{"force":"stuck","spared":[7]}');
    assert.ok(asked.every((each) => each.endsWith('"spared":[7]}')));
  });

  it('of a cell looks at once, and spares no code', async () => {
    const { interrupter, asked } = interrupterOf([7], 2);
    assert.equal(await interrupter.interrupt(), true);
    assert.equal(asked[0], '{"force":"nothing","spared":[]}');
    assert.ok(asked.every((each) => each.endsWith('"spared":[]}')));
  });
});
