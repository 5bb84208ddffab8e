/**
 * The front's own line to the main thread's V8. Requests are answered in the middle of whatever the
 * main thread runs, a busy loop included: good for looking at the session, and for stopping it.
 */
import { Session } from 'node:inspector';

export interface RemoteValue {
  readonly type: string;
  readonly subtype?: string;
  readonly className?: string;
  readonly description?: string;
  readonly value?: unknown;
  readonly unserializableValue?: string;
  readonly objectId?: string;
}

type Frames = ReadonlyArray<{ readonly callFrameId: string }>;

export interface Member {
  readonly name: string;
  readonly type?: string;
}

/** A thread that is inside one native call answers nothing; who asked gets on without after this long (ms). */
const PATIENCE = 1000;

/** A step that takes longer than this (ms) has called something native. */
const STEP_PATIENCE = 30;

/** What is looked at is let go of at once. */
const GROUP = 'tsloop-look';

export class MainThread {
  #session: Session | undefined;

  /** Undefined when V8 refuses or does not answer in time. */
  async post<T>(method: string, parameters: object): Promise<T | undefined> {
    if (!this.#session) {
      this.#session = new Session();
      this.#session.connectToMainThread();
    }
    const session = this.#session;
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(undefined), PATIENCE);
      session.post(method, parameters, (failure: Error | null, reply?: object) => {
        clearTimeout(timer);
        resolve(failure ? undefined : (reply as T));
      });
    });
  }

  /** Evaluates an expression that must not change anything; undefined when it would, or throws. */
  async look(expression: string): Promise<RemoteValue | undefined> {
    const reply = await this.post<{ result: RemoteValue; exceptionDetails?: unknown }>('Runtime.evaluate', {
      expression,
      throwOnSideEffect: true,
      objectGroup: GROUP,
      replMode: false,
    });
    return reply && !reply.exceptionDetails ? reply.result : undefined;
  }

  /**
   * A value's properties, nearest first, with the types of their values; a getter has none.
   * @param own leaves out those that are inherited
   */
  async members(expression: string, own = false): Promise<Member[]> {
    // A primitive's members are its prototype's.
    const target = await this.look(`Object(${expression})`);
    if (!target?.objectId) return [];
    const members = new Map<string, Member>();
    let objectId: string | undefined = target.objectId;
    while (objectId !== undefined) {
      const reply:
        | {
            result: Array<{ name: string; symbol?: unknown; value?: RemoteValue }>;
            internalProperties?: Array<{ name: string; value?: RemoteValue }>;
          }
        | undefined = await this.post('Runtime.getProperties', { objectId, ownProperties: true });
      for (const { name, symbol, value } of reply?.result ?? [])
        if (!symbol && !members.has(name)) members.set(name, { name, ...(value && { type: value.type }) });
      if (own) break;
      objectId = reply?.internalProperties?.find(({ name }) => name === '[[Prototype]]')?.value?.objectId;
    }
    await this.release();
    return [...members.values()];
  }

  /** The names of the session's scope. */
  async scopeNames(): Promise<string[]> {
    const reply = await this.post<{ names: string[] }>('Runtime.globalLexicalScopeNames', {});
    return reply?.names ?? [];
  }

  /**
   * Pauses the running code while something is done. Code that is in a native call does not pause; then it is done all
   * the same, after a while.
   * @param assignment evaluated in the innermost frame that knows its names
   * @param work gets what evaluates an assignment so
   */
  async whilePaused<T>(
    assignment: string,
    work: (assign: (assignment: string) => Promise<void>) => Promise<T>,
  ): Promise<T> {
    await this.post('Debugger.enable', {});
    let frames = await this.#paused('Debugger.pause');
    // In case that it does not pause again.
    await this.#assign(frames, assignment);
    // V8 ends code that it pauses between two steps right there, and what it pauses at the end of a loop's turn (as it
    // mostly does when it is asked to) a turn later.
    if (frames.length > 0) {
      const next = await this.#paused('Debugger.stepInto', STEP_PATIENCE);
      frames = next.length > 0 ? next : await this.#paused('Debugger.pause');
    }
    const result = await work((another) => this.#assign(frames, another));
    // Also resumes.
    await this.post('Debugger.disable', {});
    return result;
  }

  /** The frames of the code that is paused by the request, innermost first; none when it does not pause in time. */
  async #paused(by: string, patience: number = PATIENCE): Promise<Frames> {
    return new Promise((resolve) => {
      const paused = ({ params }: { params: { callFrames: Frames } }): void => settle(params.callFrames);
      const settle = (frames: Frames): void => {
        clearTimeout(timer);
        this.#session?.off('Debugger.paused', paused);
        resolve(frames);
      };
      const timer = setTimeout(settle, patience, []);
      this.#session?.on('Debugger.paused', paused);
      void this.post(by, {});
    });
  }

  async #assign(frames: Frames, expression: string): Promise<void> {
    for (const { callFrameId } of frames) {
      const reply = await this.post<{ exceptionDetails?: unknown }>('Debugger.evaluateOnCallFrame', {
        callFrameId,
        expression,
      });
      if (reply && !reply.exceptionDetails) return;
    }
  }

  async release(): Promise<void> {
    await this.post('Runtime.releaseObjectGroup', { objectGroup: GROUP });
  }

  /** To be called before the process ends: a connected session does not survive its main thread. */
  close(): void {
    this.#session?.disconnect();
    this.#session = undefined;
  }
}
