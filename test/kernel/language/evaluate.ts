/** Runs compiled cells in this process, as the session does. */
import { Session } from 'node:inspector';
import { HOST } from '../../../kernel/bridge.ts';
import { compileCell } from '../../../kernel/language/compile.ts';
import type { Scope } from '../../../kernel/language/rewrite.ts';

/** A session that knows of no earlier cell. */
export const emptyScope: Scope = {
  renames: false,
  isKept: () => false,
  isConstant: () => false,
  isVariable: () => false,
  isCaptured: () => false,
};

export interface Ran {
  readonly code: string;
  /** The value of the last expression. */
  readonly value: unknown;
  /** How often a loop worked on copies. */
  readonly loops: number;
}

interface Reply {
  readonly exceptionDetails?: {
    readonly text: string;
    readonly exception?: { readonly description?: string };
  };
}

/** Compiles and runs a cell; rejects with what it throws. */
export function runCell(source: string, scope: Scope = emptyScope): Promise<Ran> {
  const { code } = compileCell(source, { id: 1, scope });
  const session = new Session();
  session.connect();
  return new Promise((resolve, reject) => {
    let value: unknown;
    let loops = 0;
    Object.defineProperty(globalThis, HOST, {
      configurable: true,
      value: {
        result: (_: number, result: unknown) => {
          value = result;
        },
        reached: () => {},
        import: (specifier: string, options?: ImportCallOptions) => import(specifier, options),
        enterLoop: () => {
          loops += 1;
        },
        leaveLoop: () => {},
      },
    });
    const parameters = { expression: code, replMode: true } as object;
    session.post('Runtime.evaluate', parameters, (failure: Error | null, reply?: object) => {
      const { exceptionDetails: thrown } = reply as Reply;
      session.disconnect();
      if (failure) reject(failure);
      else if (thrown) reject(new Error(thrown.exception?.description ?? thrown.text));
      else resolve({ code, value, loops });
    });
  });
}
