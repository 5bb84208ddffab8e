/**
 * Evaluates scripts in the session's one scope, through the inspector's REPL mode of this very
 * thread: names can be declared anew, await works at the top level, and functions see later
 * declarations.
 */
import { Session } from 'node:inspector';
import { promiseHooks } from 'node:v8';

export type Evaluation =
  | { readonly status: 'ok' }
  | { readonly status: 'threw'; readonly error: unknown; readonly line: number; readonly column: number }
  /** V8 was told to stop, or the session that waited for the end was given up. */
  | { readonly status: 'stopped' };

interface RemoteObject {
  readonly objectId?: string;
  readonly value?: unknown;
  readonly unserializableValue?: string;
}

interface EvaluateReply {
  readonly exceptionDetails?: {
    readonly lineNumber: number;
    readonly columnNumber: number;
    readonly exception?: RemoteObject;
  };
}

/** All handles to values that the inspector gives out in an evaluation belong to it, and are let go of together. */
const GROUP = 'tsloop';

/** An evaluation that V8 ends after this long (ms), and that ends by itself if V8 is late. */
const ENDED_EVALUATION = { expression: 'for (let i = 0; i < 3e7; i++);', timeout: 1 };

/** The global that takes the thrown value from the inspector. */
const CATCHER = '__tsloop_caught__';

function primitive({ value, unserializableValue }: RemoteObject): unknown {
  if (unserializableValue === undefined) return value;
  if (unserializableValue.endsWith('n')) return BigInt(unserializableValue.slice(0, -1));
  return Number(unserializableValue);
}

export class Evaluator {
  #session = new Session();
  /** Node 22 ends the process when the promise of a pending evaluation is collected. */
  readonly #held = new Set<Promise<unknown>>();

  constructor() {
    this.#session.connect();
  }

  /** Runs a script; `done` is called once, at once for a script without await. */
  evaluate(script: string, done: (evaluation: Evaluation) => void): void {
    let held: Promise<unknown> | undefined;
    const stopHolding = promiseHooks.onInit((promise) => {
      held ??= promise;
      // No more of them is asked for: the hook would be in the way of code that fills the stack.
      stopHolding();
    });
    const session = this.#session;
    let finished = false;
    const finish = (evaluation: Evaluation): void => {
      if (finished) return;
      finished = true;
      if (held) this.#held.delete(held);
      done(evaluation);
    };
    try {
      session.post(
        'Runtime.evaluate',
        { expression: script, replMode: true, objectGroup: GROUP } as object,
        (failure: Error | null, reply?: object) => {
          if (failure) finish({ status: 'stopped' });
          else finish(this.#evaluation(session, reply as EvaluateReply));
        },
      );
    } finally {
      stopHolding();
    }
    if (held && !finished) this.#held.add(held);
  }

  /** Gives up all pending evaluations: they end as stopped. The scope and its values stay. */
  reset(): void {
    const old = this.#session;
    this.#session = new Session();
    this.#session.connect();
    old.disconnect();
    this.#held.clear();
  }

  /**
   * Tells V8 to end the code that runs on this thread, as soon as it gets back to it.
   * @param ended called when that has happened, before Node goes on
   */
  terminate(ended: () => void): void {
    this.#session.post('Runtime.terminateExecution', (failure) => {
      if (!failure) ended();
    });
  }

  /** V8 takes one such request at a time, and counts any evaluation that was ended as its end. */
  forgetTermination(): void {
    this.#session.post('Runtime.evaluate', ENDED_EVALUATION as object, () => {});
  }

  #evaluation(session: Session, { exceptionDetails: details }: EvaluateReply): Evaluation {
    if (!details) return { status: 'ok' };
    // Terminated code throws nothing that could be caught.
    if (!details.exception) return { status: 'stopped' };
    const error = this.#realValue(session, details.exception);
    session.post('Runtime.releaseObjectGroup', { objectGroup: GROUP });
    return { status: 'threw', error, line: details.lineNumber + 1, column: details.columnNumber + 1 };
  }

  /** The value itself, not the inspector's picture of it. */
  #realValue(session: Session, object: RemoteObject): unknown {
    if (object.objectId === undefined) return primitive(object);
    let value: unknown;
    const globals = globalThis as Record<string, unknown>;
    Object.defineProperty(globals, CATCHER, {
      configurable: true,
      value: (caught: unknown) => {
        value = caught;
      },
    });
    session.post('Runtime.callFunctionOn', {
      objectId: object.objectId,
      functionDeclaration: `function () { 'use strict'; globalThis.${CATCHER}(this) }`,
    });
    delete globals[CATCHER];
    return value;
  }
}
