/** A session for the magics under test: records what they do, evaluates what a table says. */
import type { MimeBundle, Payload, TypecheckMode } from '../../../kernel/bridge.ts';
import type { FrontEnd, MagicContext, PageWidget } from '../../../kernel/magics/magic.ts';

/** A widget with its page. */
export class FakeWidget implements PageWidget {
  readonly view: MimeBundle = { 'application/x-widget': 'the widget' };
  readonly frontEnd: FrontEnd;
  /** What the page has been told. */
  readonly sets: Array<Readonly<Record<string, unknown>>> = [];
  isClosed = false;
  send: (content: unknown) => void = () => {};
  change: (value: unknown) => void = () => {};
  closeFromPage: () => void = () => {};

  constructor(frontEnd: FrontEnd) {
    this.frontEnd = frontEnd;
  }

  set(values: Readonly<Record<string, unknown>>): void {
    this.sets.push(values);
  }

  onMessage(handler: (content: unknown) => void): void {
    this.send = handler;
  }

  onChange(_name: string, handler: (value: unknown) => void): void {
    this.change = handler;
  }

  onClose(handler: () => void): void {
    this.closeFromPage = handler;
  }

  close(): void {
    this.isClosed = true;
  }
}

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

  /** The widgets that were made, as the page sees them; none while `hasWidgets` is false. */
  readonly widgets: FakeWidget[] = [];
  hasWidgets = false;

  makeWidget(frontEnd: FrontEnd): Promise<PageWidget | undefined> {
    if (!this.hasWidgets) return Promise.resolve(undefined);
    const widget = new FakeWidget(frontEnd);
    this.widgets.push(widget);
    return Promise.resolve(widget);
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
