/**
 * What a client mirrors of a widget: a state, kept the same on both sides by messages of a comm. The comm is opened
 * when a client must know of the model, which is when it is shown.
 * Source: https://github.com/jupyter-widgets/ipywidgets/blob/main/packages/schema/messages.md
 */
import { Comm, comms, WIDGETS_TARGET, type CommBuffer, type CommEvent } from '../runtime/comm-registry.ts';
import { putBuffers, takeBuffers, type Parted } from './buffers.ts';

/** Names → values: JSON, binary data, and other models. */
export type State = Record<string, unknown>;

/** Called after values have changed, by code or by a client, with those that have, and what they were. */
export type ChangeHandler = (changed: Readonly<State>, before: Readonly<State>) => unknown;

/** Called with a message of the widget's own. */
export type MessageHandler = (content: unknown, buffers: readonly Uint8Array[]) => unknown;

/** The version of the messages, not of the packages. */
const PROTOCOL = { version: '2.1.0' };

const TARGET = 'jupyter.widget';

/** Whether clients can show widgets: in a kernel, unless `TSLOOP_WIDGETS=off` says that this one cannot. */
export function hasWidgets(): boolean {
  return comms.isConnected && process.env['TSLOOP_WIDGETS'] !== 'off';
}

const open = new Set<Model>();

/** Models → references to them, which opens them; all else stays. */
function withReferences(value: unknown): unknown {
  if (value instanceof Model) return `IPY_MODEL_${value.id}`;
  return Array.isArray(value) ? value.map(withReferences) : value;
}

function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  // Lists of a few numbers or texts, such as a selection; anything larger counts as new.
  if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length || a.length > 100) return false;
  return a.every((each: unknown, i) => Object.is(each, b[i]));
}

export class Model {
  readonly #state: State;
  #comm: Comm | undefined;
  #isClosed = false;
  readonly #changes = new Set<ChangeHandler>();
  readonly #messages = new Set<MessageHandler>();
  readonly #closes = new Set<() => unknown>();

  constructor(state: State) {
    this.#state = { ...state };
  }

  /** Names it to clients. Opens it. @throws Error when it is closed, or outside of a kernel */
  get id(): string {
    return this.#open().id;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  get(name: string): unknown {
    return this.#state[name];
  }

  /** Changes values, here and in the clients. Those that are what they were are left out. */
  set(changes: Readonly<State>): void {
    const changed = this.#take(changes);
    if (changed === undefined) return;
    if (this.#comm)
      this.#send('update', Object.fromEntries(changed.names.map((name) => [name, this.#state[name]])));
    this.#tell(changed);
  }

  /** Sends a message of the widget's own to its views; while it is not shown there are none. */
  send(content: unknown, buffers: readonly CommBuffer[] = []): void {
    this.#comm?.send({ method: 'custom', content }, {}, buffers);
  }

  /** Returns what ends that. */
  onChange(handler: ChangeHandler): () => void {
    this.#changes.add(handler);
    return () => void this.#changes.delete(handler);
  }

  /** Returns what ends that. */
  onMessage(handler: MessageHandler): () => void {
    this.#messages.add(handler);
    return () => void this.#messages.delete(handler);
  }

  /** Called when a client has closed it; not when this side does. */
  onClose(handler: () => unknown): void {
    this.#closes.add(handler);
  }

  /** Takes it away from the clients. Harmless when that has been done. */
  close(): void {
    this.#isClosed = true;
    this.#comm?.close();
    this.#comm = undefined;
    open.delete(this);
  }

  /** The whole state as it is sent. */
  parted(): Parted {
    return takeBuffers(this.#sendable(this.#state));
  }

  #open(): Comm {
    if (this.#isClosed) throw new Error(`This widget (${String(this.#state['_model_name'])}) is closed`);
    if (this.#comm) return this.#comm;
    offerStates();
    const { state, paths, buffers } = this.parted();
    const comm = new Comm(TARGET, { state, buffer_paths: paths }, PROTOCOL, buffers);
    comm.onMessage((event) => this.#receive(event));
    comm.onClose(() => {
      this.#comm = undefined;
      open.delete(this);
      for (const handler of Array.from(this.#closes)) comms.call(handler);
    });
    this.#comm = comm;
    open.add(this);
    return comm;
  }

  #sendable(state: Readonly<State>): State {
    return Object.fromEntries(Object.entries(state).map(([name, value]) => [name, withReferences(value)]));
  }

  #send(method: 'update' | 'echo_update', values: Readonly<State>): void {
    const { state, paths, buffers } = takeBuffers(this.#sendable(values));
    this.#comm?.send({ method, state, buffer_paths: paths }, {}, buffers);
  }

  #receive({ data, buffers }: CommEvent): void {
    if (data['method'] === 'request_state') this.#send('update', this.#state);
    else if (data['method'] === 'custom') {
      for (const handler of Array.from(this.#messages)) comms.call(() => handler(data['content'], buffers));
    } else if (data['method'] === 'update') {
      const { state } = data;
      if (typeof state !== 'object' || state === null || Array.isArray(state)) return;
      putBuffers(state, data['buffer_paths'], buffers);
      // Clients that have sent it wait for that, others learn of it so.
      this.#send('echo_update', state);
      const changed = this.#take(state);
      if (changed !== undefined) this.#tell(changed);
    }
  }

  #take(changes: Readonly<State>): { names: string[]; before: State } | undefined {
    const names = Object.keys(changes).filter((name) => !isSame(this.#state[name], changes[name]));
    if (names.length === 0) return undefined;
    const before = Object.fromEntries(names.map((name) => [name, this.#state[name]]));
    for (const name of names) this.#state[name] = changes[name];
    return { names, before };
  }

  #tell({ names, before }: { names: string[]; before: State }): void {
    const changed = Object.fromEntries(names.map((name) => [name, this.#state[name]]));
    for (const handler of Array.from(this.#changes)) comms.call(() => handler(changed, before));
  }
}

let isOffered = false;

/** Answers clients that ask for all models at once. */
function offerStates(): void {
  if (isOffered) return;
  isOffered = true;
  comms.registerTarget(WIDGETS_TARGET, (comm) => {
    comm.onMessage(({ data }) => {
      if (data['method'] !== 'request_states') return;
      const states: State = {};
      const paths: Array<Array<string | number>> = [];
      const buffers: CommBuffer[] = [];
      for (const model of open) {
        const parted = model.parted();
        states[model.id] = {
          model_name: model.get('_model_name'),
          model_module: model.get('_model_module'),
          model_module_version: model.get('_model_module_version'),
          state: parted.state,
        };
        paths.push(...parted.paths.map((path) => [model.id, ...path]));
        buffers.push(...parted.buffers);
      }
      comm.send({ method: 'update_states', states, buffer_paths: paths }, {}, buffers);
    });
  });
}
