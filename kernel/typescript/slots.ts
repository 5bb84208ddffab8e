/**
 * Places for cells, laid out before they are needed. To the language service, a new file, or another list of imports
 * in one, is another program, which it puts together anew from all files; new text in a file that is there already,
 * with the same imports, costs it a fraction of that, however long the session is. Hence
 * - cells are written into empty files that have been part of the program for some time, a batch at once;
 * - they import from a hub for each batch, all of them from all, and from nothing else of the session;
 * - a hub passes on what the cells of its batch declare: `x` of the cell in place 7 is its `x_7`.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Gate } from './first-check.ts';
import type { Workspace } from './workspace.ts';

/** The first batch is small, as a kernel's start waits for its files. */
const FIRST_BATCH = 16;
const BATCH = 64;
/** So many places before the end of a batch the next one is made. */
const AHEAD = 6;

/** Passes on the declarations of one batch of cells. */
export interface Hub {
  readonly uri: string;
  readonly batch: number;
}

/** Where a cell is written to. */
export interface Slot {
  readonly uri: string;
  /** Unique in the session. */
  readonly number: number;
  readonly hub: Hub;
}

interface Batch extends Hub {
  readonly folder: string;
  readonly slots: Slot[];
  /** By place: the module it is, and the names that it passes on. */
  readonly modules: Map<number, string>;
  readonly exported: Map<number, readonly string[]>;
}

/** What a hub calls a name of the cell in that place. */
export function hubName(name: string, slot: number): string {
  return `${name}_${slot}`;
}

export class Slots {
  readonly #gate: Gate;
  readonly #workspace: Workspace;
  readonly #batches: Batch[] = [];
  #count = 0;

  constructor(gate: Gate, workspace: Workspace) {
    this.#gate = gate;
    this.#workspace = workspace;
    this.#add(FIRST_BATCH);
  }

  /** All there are: what imports from the session imports from each. */
  get hubs(): readonly Hub[] {
    return this.#batches;
  }

  /** A free place in the present folder. */
  take(): Slot {
    let batch = this.#usable.find(({ slots }) => slots.length > 0);
    batch ??= this.#add(BATCH);
    const slot = batch.slots.shift();
    if (!slot) throw new Error('A batch that was chosen for its free places has none');
    return slot;
  }

  /** The cell in the place was not run: another may take it. */
  giveBack(slot: Slot): void {
    const batch = this.#batches[slot.hub.batch - 1];
    if (batch?.modules.get(slot.number) === moduleOf(slot.number)) batch.slots.unshift(slot);
  }

  /** Another file than the one that was laid out is in the place: it costs what any new file does. */
  replace({ number, hub }: Slot, name: string): Slot {
    this.#batches[hub.batch - 1]?.modules.set(number, name);
    return { number, hub, uri: this.#workspace.uriOf(name) };
  }

  /** Lets others import what is declared in the place; with no names, nothing any more. */
  export({ number, hub }: Slot, names: readonly string[]): void {
    const batch = this.#batches[hub.batch - 1];
    if (!batch) return;
    batch.exported.set(number, names);
    this.#gate.change(batch.uri, textOf(batch));
  }

  /** To be called when there is time: makes the next batch if this one is nearly used up. */
  prepare(): void {
    const free = this.#usable.reduce((sum, { slots }) => sum + slots.length, 0);
    if (free < AHEAD) this.#add(BATCH);
  }

  /** Those of the present folder whose places can import all that there is: no later batch passes anything on. */
  get #usable(): Batch[] {
    const last = this.#batches.findLastIndex(({ exported }) => exported.size > 0);
    return this.#batches.slice(Math.max(0, last)).filter(({ folder }) => folder === this.#folder);
  }

  get #folder(): string {
    return path.dirname(this.#workspace.pathOf('x'));
  }

  #add(size: number): Batch {
    const number = this.#batches.length + 1;
    const uri = this.#workspace.uriOf(`tsloop-hub-${number}.ts`);
    const hub: Hub = { uri, batch: number };
    const modules = new Map<number, string>();
    const slots = Array.from({ length: size }, () => {
      const place = (this.#count += 1);
      modules.set(place, moduleOf(place));
      return { uri: this.#workspace.uriOf(moduleOf(place)), number: place, hub };
    });
    const batch: Batch = { ...hub, folder: this.#folder, slots, modules, exported: new Map() };
    this.#batches.push(batch);
    mkdirSync(batch.folder, { recursive: true });
    const empty = `${this.#batches.map((each) => `import {} from ${quoted(batch.uri, each.uri)};`).join('\n')}\nexport {};\n`;
    for (const name of modules.values()) writeFileSync(this.#workspace.pathOf(name), empty);
    writeFileSync(this.#workspace.pathOf(`tsloop-hub-${number}.ts`), textOf(batch));
    this.#gate.filesChanged([...slots, hub].map((file) => ({ uri: file.uri, type: 1 })));
    this.#gate.open(uri, 'typescript', textOf(batch));
    return batch;
  }
}

function moduleOf(slot: number): string {
  return `tsloop-cell-${slot}.ts`;
}

function textOf({ modules, exported }: Batch): string {
  const imports = [...modules].map(([slot, file]) => `import * as c${slot} from './${file}';`);
  const exports = [...exported].flatMap(([slot, names]) =>
    names.map((name) => `export import ${hubName(name, slot)} = c${slot}.${name};`),
  );
  return [...imports, ...exports, 'export {};'].join('\n');
}

function quoted(from: string, to: string): string {
  return JSON.stringify(specifier(from, to));
}

/** How one module of the workspace names another; they lie in different folders after a `%cd`. */
export function specifier(from: string, to: string): string {
  const [source, target] = [from.split('/'), to.split('/')];
  let shared = 0;
  while (shared < source.length - 1 && source[shared] === target[shared]) shared += 1;
  const up = source.length - 1 - shared;
  const way = decodeURIComponent(target.slice(shared).join('/'));
  return up === 0 ? `./${way}` : '../'.repeat(up) + way;
}
