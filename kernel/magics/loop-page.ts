/**
 * The front end of `%loop live` in the page: an ES module in the form of anywidget, made of the functions below, which
 * are sent as their source. So they use nothing of this module, and the page only by what they are given.
 * Source: https://anywidget.dev/en/afm/
 */
import { COLUMNS } from './loop-html.ts';
import type { LoopRows } from './loop-rows.ts';

/** What the page and the kernel share. */
export type PageState = {
  readonly loops: readonly LoopRows[];
  /** Whether a cell runs. */
  readonly isRunning: boolean;
  /** Set by the page: the loop goes on, the picture does not. */
  readonly isPaused: boolean;
  /** False when nothing will change any more. */
  readonly isLive: boolean;
};

/** What the page sends. */
export type PageMessage =
  /** The page has all that the widget needs. */
  | { readonly type: 'here' }
  /** The task of this number is to be cancelled. */
  | { readonly type: 'cancel'; readonly task: number };

/** `comm_live_update`: of ipywidgets, whose manager tells that the kernel is gone. */
type PageEvent = `change:${keyof PageState}` | 'comm_live_update';

interface PageModel {
  get<K extends keyof PageState>(name: K): PageState[K];
  set<K extends keyof PageState>(name: K, value: PageState[K]): void;
  save_changes(): void;
  send(message: PageMessage): void;
  on(event: PageEvent, handler: () => void): void;
  off(event: PageEvent, handler: () => void): void;
}

/** What the page's functions need of elements, whose types these sources do without. */
interface PageElement {
  className: string;
  textContent: string;
  title: string;
  hidden: boolean;
  disabled: boolean;
  addEventListener(type: 'click', handler: () => void): void;
  readonly style: { width: string };
  readonly ownerDocument: { createElement(tag: string): PageElement };
  append(...nodes: PageElement[]): void;
  insertBefore(node: PageElement, before: PageElement | null): void;
  replaceChildren(...nodes: PageElement[]): void;
  remove(): void;
  readonly children: ArrayLike<PageElement>;
}

interface Page {
  readonly model: PageModel;
  readonly el: PageElement;
}

/** Runs in the page when the widget has come there, shown or not. */
function initialize({ model }: Pick<Page, 'model'>): void {
  model.send({ type: 'here' });
}

/** Runs in the page for each view. Returns what ends it. */
function render({ model, el }: Page, columns: typeof COLUMNS): () => void {
  interface Row {
    readonly key: number;
    readonly cells: readonly string[];
    readonly button?: PageElement;
  }

  const make = (tag: string, name: string = '', content: string = ''): PageElement => {
    const made = el.ownerDocument.createElement(tag);
    if (name !== '') made.className = name;
    if (content !== '') made.textContent = content;
    return made;
  };
  /** What is the same is left alone: a text that is selected stays so. */
  const write = (node: PageElement, content: string): void => {
    if (node.textContent !== content) node.textContent = content;
  };
  const seconds = (value: number): string =>
    value >= 120 ? `${(value / 60).toFixed(1)} min` : `${value.toFixed(1)} s`;

  const table = (
    heads: ReadonlyArray<readonly [name: string, width: number]>,
  ): { readonly node: PageElement; fill(rows: readonly Row[]): void } => {
    const node = make('table');
    const [head, line, body] = [make('thead'), make('tr'), make('tbody')];
    for (const [name, width] of heads) {
      const cell = make('th', '', name);
      cell.style.width = `${width}%`;
      line.append(cell);
    }
    head.append(line);
    node.append(head, body);
    const shown = new Map<number, PageElement>();
    return {
      node,
      fill(rows) {
        node.hidden = rows.length === 0;
        const keys = new Set(rows.map(({ key }) => key));
        for (const [key, row] of shown) {
          if (keys.has(key)) continue;
          row.remove();
          shown.delete(key);
        }
        rows.forEach(({ key, cells, button }, place) => {
          let row = shown.get(key);
          if (!row) {
            row = make('tr');
            for (let i = 0; i < heads.length; i++) row.append(make('td'));
            if (button) row.children[heads.length - 1]?.append(button);
            shown.set(key, row);
          }
          if (body.children[place] !== row) body.insertBefore(row, body.children[place] ?? null);
          cells.forEach((content, i) => {
            const cell = row.children[i];
            if (cell) write(cell, content);
          });
        });
      },
    };
  };

  /** The tables of one loop. */
  const block = (): {
    readonly node: PageElement;
    show(loop: LoopRows, elapsed: number, isLive: boolean): void;
  } => {
    const node = make('section');
    const [title, clock, name] = [make('div', 'tsloop-title'), make('i'), make('b')];
    title.append(name, clock);
    const head = (): PageElement => make('div', 'tsloop-head');
    const heads = [head(), head(), head()] as const;
    const ready = make('ol');
    const [timers, tasks] = [table(columns.timers), table(columns.tasks)];
    node.append(title, heads[0], ready, heads[1], timers.node, heads[2], tasks.node);
    const cancels = new Map<number, PageElement>();
    const cancelButton = (id: number, task: string): PageElement => {
      let button = cancels.get(id);
      if (!button) {
        button = make('button', '', 'cancel');
        button.title = `Calls cancel() of ${task}: it ends at its next await, unless it catches that`;
        button.addEventListener('click', () => model.send({ type: 'cancel', task: id }));
        cancels.set(id, button);
      }
      return button;
    };
    const counted = (count: number, shown: readonly unknown[]): string =>
      count > shown.length ? `${count}, of which ${shown.length} are shown` : String(count);
    return {
      node,
      show(loop, elapsed, isLive) {
        write(name, loop.title);
        write(clock, ` at ${loop.time.toFixed(1)} s`);
        write(heads[0], `Ready to run: ${counted(loop.readyCount, loop.ready)}`);
        write(heads[1], `Timers: ${counted(loop.timerCount, loop.timers)}`);
        write(heads[2], `Tasks: ${counted(loop.taskCount, loop.tasks)}`);
        ready.hidden = loop.ready.length === 0;
        ready.replaceChildren(...loop.ready.map((each) => make('li', '', each)));
        timers.fill(
          loop.timers.map(({ id, dueIn, call, place }) => ({
            key: id,
            cells: [dueIn > elapsed ? seconds(dueIn - elapsed) : 'now', call, place],
          })),
        );
        tasks.fill(
          loop.tasks.map(({ id, name: task, code, state, waitsFor, age, isOlder, place }) => {
            const button = cancelButton(id, task);
            button.disabled = !isLive || state === 'is being cancelled';
            const since = `${isOlder ? '> ' : ''}${seconds(age + elapsed)}`;
            return { key: id, cells: [task, code, state, waitsFor, since, place], button };
          }),
        );
        const ids = new Set(loop.tasks.map(({ id }) => id));
        for (const id of cancels.keys()) if (!ids.has(id)) cancels.delete(id);
      },
    };
  };

  const root = make('div', 'tsloop-live');
  const [header, dot, title, note, pause] = [
    make('header'),
    make('span'),
    make('div', 'tsloop-title', 'Event loop'),
    make('i'),
    make('button'),
  ];
  header.append(dot, title, note, pause);
  root.append(header);
  el.append(root);
  pause.addEventListener('click', () => {
    model.set('isPaused', !model.get('isPaused'));
    model.save_changes();
  });
  const blocks: Array<ReturnType<typeof block>> = [];
  let takenAt = performance.now();
  let isGone = false;

  const show = (): void => {
    const [isPaused, isRunning] = [model.get('isPaused'), model.get('isRunning')];
    const isLive = model.get('isLive') && !isGone;
    const isStill = isPaused || !isLive;
    dot.className = isRunning && !isStill ? 'tsloop-dot tsloop-busy' : 'tsloop-dot';
    const state = isPaused
      ? 'this picture is paused, the loop goes on'
      : isRunning
        ? 'a cell runs'
        : 'no cell runs';
    write(note, isLive ? state : 'no longer live');
    pause.disabled = !isLive;
    write(pause, isPaused ? 'Go on' : 'Pause');
    pause.title = isPaused ? 'Shows what the loop does now' : 'Keeps this picture as it is; the loop goes on';
    const loops = model.get('loops');
    for (const each of blocks.splice(loops.length)) each.node.remove();
    // Between two pictures time goes on: what is due is known.
    const elapsed = isStill ? 0 : (performance.now() - takenAt) / 1000;
    loops.forEach((loop, i) => {
      let shown = blocks[i];
      if (!shown) {
        shown = block();
        blocks.push(shown);
        root.append(shown.node);
      }
      shown.show(loop, elapsed, isLive);
    });
  };
  const take = (): void => {
    takenAt = performance.now();
    isGone = false;
    show();
  };
  const leave = (): void => {
    isGone = true;
    show();
  };
  model.on('change:loops', take);
  model.on('change:isRunning', show);
  model.on('change:isPaused', show);
  model.on('change:isLive', show);
  model.on('comm_live_update', leave);
  const timer = setInterval(show, 250);
  show();
  return () => {
    clearInterval(timer);
    model.off('change:loops', take);
    model.off('change:isRunning', show);
    model.off('change:isPaused', show);
    model.off('change:isLive', show);
    model.off('comm_live_update', leave);
  };
}

/** Source of the module. */
export const ESM: string = [
  initialize.toString(),
  render.toString(),
  `const columns = ${JSON.stringify(COLUMNS)};`,
  'export default { initialize, render: (page) => render(page, columns) };',
].join('\n');
