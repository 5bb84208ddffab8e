/** A session for the magics under test: records what they do, evaluates what a table says. */
import type { MimeBundle, Payload, TypecheckMode } from '../../../kernel/bridge.ts';
import type { MagicContext } from '../../../kernel/magics/magic.ts';

export class FakeContext implements MagicContext {
  stdout = '';
  stderr = '';
  readonly shown: MimeBundle[] = [];
  readonly payloads: Payload[] = [];
  readonly evaluated: string[] = [];
  /** What `evaluate` resolves to; an Error is thrown. */
  value: unknown = undefined;
  names: Record<string, unknown> = {};
  typesOfNames: Record<string, string> = {};
  readonly controller: AbortController = new AbortController();
  /** Called after each print, so that a test can act on output as it comes. */
  onPrint: (text: string) => void = () => {};

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  print(text: string, stream: 'stdout' | 'stderr' = 'stdout'): void {
    this[stream] += text;
    this.onPrint(text);
  }

  mode: TypecheckMode = 'on';

  typecheck(mode: TypecheckMode = this.mode): TypecheckMode {
    return (this.mode = mode);
  }

  show(data: MimeBundle): void {
    this.shown.push(data);
  }

  showLive(data: MimeBundle): (data: MimeBundle) => void {
    this.shown.push(data);
    return (changed) => this.shown.push(changed);
  }

  /** Tells of cells that begin and end. */
  cellsRun: ((isRunning: boolean) => void) | undefined;

  watchCells(listener: (isRunning: boolean) => void): () => void {
    this.cellsRun = listener;
    return () => (this.cellsRun = undefined);
  }

  addPayload(payload: Payload): void {
    this.payloads.push(payload);
  }

  /** Whether the time is virtual. */
  isVirtual = false;

  async virtually<T>(run: () => Promise<T>): Promise<T> {
    this.isVirtual = true;
    try {
      return await run();
    } finally {
      this.isVirtual = false;
    }
  }

  evaluate(code: string): Promise<unknown> {
    this.evaluated.push(code);
    return this.value instanceof Error ? Promise.reject(this.value) : Promise.resolve(this.value);
  }

  types(): Promise<Record<string, string>> {
    return Promise.resolve(this.typesOfNames);
  }

  variables(): Promise<Array<{ name: string; value: unknown }>> {
    return Promise.resolve(Object.entries(this.names).map(([name, value]) => ({ name, value })));
  }
}
