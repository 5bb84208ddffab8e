/**
 * What the name or the call at the cursor is: what inspect_request and `name?` answer. TypeScript says what
 * it is declared as; the live session, what its value is at the moment.
 */
import type { MimeBundle } from '../bridge.ts';
import { beforeDot, pathAt } from '../language/path.ts';
import type { Checker } from '../typescript/checker.ts';
import type { Explained } from '../typescript/explain.ts';
import { type Block, markdownOf, plainOf, RULE } from '../typescript/explanation.ts';
import type { MainThread } from './inspector.ts';
import { inSession } from './live-session.ts';
import { type LiveValue, lookAt } from './live-value.ts';

export interface Inspection {
  readonly found: boolean;
  readonly data: MimeBundle;
}

/**
 * When TypeScript has answered, the live session gets this much longer (ms); without it its part is left out.
 * Who has asked for all there is waits for it a little.
 */
const LIVE_PATIENCE = 30;
const FULL_LIVE_PATIENCE = 300;

/** A function in the program that Node is. */
const native = /\{\s*\[native code\]\s*\}\s*$/;

function code(text: string, language = 'typescript'): Block {
  return { kind: 'code', language, text };
}

function prose(text: string): Block {
  return { kind: 'prose', text };
}

function valueBlocks(text: string): Block[] {
  return /[\n`]/.test(text) ? [prose('Value:'), code(text)] : [prose(`Value: \`${text}\``)];
}

function functionSource(text: string): Block[] {
  if (native.test(text)) return [prose('The function is native: it has no source in JavaScript.')];
  return [prose('As it runs:'), code(text, 'javascript')];
}

/** What there is to say without TypeScript. */
function liveBlocks(name: string, { type, isFunction, text }: LiveValue, detail: number): Block[] {
  const head = code(`${name}: ${type}`);
  if (!isFunction) return [head, code(text)];
  return [head, code(detail > 0 ? text : (text.split('\n', 1)[0] ?? ''), 'javascript')];
}

/** The type of an enum's member, as of a literal, says its value. */
function isConstant([first]: readonly Block[]): boolean {
  return first?.text.startsWith('(enum member)') ?? false;
}

/** @param live undefined when there is none, or it did not come in time */
function allBlocks(explained: Explained, live: LiveValue | undefined, detail: number): Block[] {
  const { name, call, source, isAny, isWellKnown } = explained;
  const blocks = [...name];
  if (live && isAny && !live.isFunction) blocks.push(prose(`At run time: \`${live.type}\``));
  if (live && !live.isFunction && (!isWellKnown || isAny || live.isPrimitive) && !isConstant(name))
    blocks.push(...valueBlocks(live.text));
  if (live?.isFunction && isAny && detail === 0)
    blocks.push(prose(`At run time: \`${live.text.split('\n', 1)[0] ?? ''}\``));
  blocks.push(...source);
  if (detail > 0 && live?.isFunction && source.length === 0) blocks.push(...functionSource(live.text));
  if (call.length > 0) blocks.push(...(blocks.length > 0 ? [RULE] : []), ...call);
  return blocks;
}

async function within<T>(promise: Promise<T>, milliseconds: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, milliseconds, undefined);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** What asks TypeScript; undefined when it knows nothing, 'unavailable' when it cannot be asked. */
type Asked = Explained | 'unavailable' | undefined;

export class Introspection {
  readonly #main: MainThread;
  readonly #checker: Checker | undefined;

  constructor(main: MainThread, checker?: Checker) {
    this.#main = main;
    this.#checker = checker;
  }

  /** @param offset the cursor, in UTF-16 units @param detail 1 adds the source, and the whole of a value */
  async inspect(cell: string, offset: number, detail: number): Promise<Inspection> {
    // Loaded with the first such request, not with the kernel.
    const { explainMagic } = await import('../magics/explain.ts');
    const magic = explainMagic(cell, offset);
    if (magic === 'none') return found([]);
    if (magic) return found([code(magic.usage, ''), { kind: 'text', text: magic.summary }]);
    const { typescriptView } = await import('../magics/typescript-view.ts');
    const { text } = typescriptView(cell);
    const path = pathAt(text, beforeDot(text, offset))?.text;
    const patience = detail > 0 ? FULL_LIVE_PATIENCE : LIVE_PATIENCE;
    return this.#inspect(path, detail, patience, (checker, { explain }) =>
      explain(checker, cell, offset, detail),
    );
  }

  /** `name?` @param name a name, or a path of names and elements */
  async help(name: string, detail: number): Promise<Inspection> {
    return this.#inspect(name, detail, FULL_LIVE_PATIENCE, (checker, { explainName }) =>
      explainName(checker, name, detail),
    );
  }

  async #inspect(
    path: string | undefined,
    detail: number,
    patience: number,
    ask: (
      checker: Checker,
      explain: typeof import('../typescript/explain.ts'),
    ) => Promise<Explained | undefined>,
  ): Promise<Inspection> {
    // Both sides look at once.
    const looking = path === undefined ? Promise.resolve(undefined) : this.#look(path, detail);
    const explained = await this.#ask(ask);
    if (explained === 'unavailable' || explained === undefined) {
      const live = await looking;
      return found(live && path !== undefined ? liveBlocks(path, live, detail) : []);
    }
    const live = explained.isSession ? await within(looking, patience) : undefined;
    const blocks = allBlocks(explained, live, detail);
    if (explained.name.length === 0 && live && path !== undefined)
      return found([
        ...liveBlocks(path, live, detail),
        ...(explained.call.length > 0 ? [RULE, ...explained.call] : []),
      ]);
    return found(blocks);
  }

  async #ask(
    ask: (
      checker: Checker,
      explain: typeof import('../typescript/explain.ts'),
    ) => Promise<Explained | undefined>,
  ): Promise<Asked> {
    if (!this.#checker) return 'unavailable';
    try {
      return await ask(this.#checker, await import('../typescript/explain.ts'));
    } catch {
      // Down, hanging, or at a loss with the text: the live session knows something as well.
      return 'unavailable';
    }
  }

  async #look(path: string, detail: number): Promise<LiveValue | undefined> {
    return lookAt(this.#main, await inSession(path, this.#main), detail);
  }
}

function found(blocks: readonly Block[]): Inspection {
  if (blocks.length === 0) return { found: false, data: {} };
  return { found: true, data: { 'text/plain': plainOf(blocks), 'text/markdown': markdownOf(blocks) } };
}
