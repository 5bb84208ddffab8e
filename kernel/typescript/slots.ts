/**
 * Places for cells, laid out before they are needed. To the language service, a new file, or another list of imports
 * in one, is another program, which it puts together anew from all files; new text in a file that is there already,
 * with the same imports, costs it a fraction of that, however long the session is. Hence cells are written into empty
 * files that have been part of the program for some time, a batch at once, and import nothing from each other:
 * document.ts says how names get from one to the next.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Gate } from './first-check.ts';
import { CREATED } from './server.ts';
import type { Workspace } from './workspace.ts';

/** The first batch is small, as the first cell may wait for its files. */
const FIRST_BATCH = 16;
const BATCH = 64;
/** So few places before the last one of a folder more are made. */
const AHEAD = 6;

/** What stands in a place that is free: a module that adds to the global scope, as those of cells do. */
const EMPTY = 'export {};\ndeclare global {}\n';

/** Where a cell is written to. */
export interface Slot {
  readonly uri: string;
  /** Unique in the session. */
  readonly number: number;
}

export class Slots {
  readonly #gate: Gate;
  readonly #workspace: Workspace;
  /** Of each folder that cells were in, the first ones first. */
  readonly #free = new Map<string, Slot[]>();
  /** All that were laid out, by what they are called. */
  readonly #folders = new Map<Slot, string>();

  constructor(gate: Gate, workspace: Workspace) {
    this.#gate = gate;
    this.#workspace = workspace;
  }

  /** A free place in the present folder. */
  take(): Slot {
    if (this.#here.length === 0) this.#add();
    const slot = this.#here.shift();
    if (!slot) throw new Error('Places were laid out, and there is none');
    return slot;
  }

  /** Nothing refers to the place any more: another cell may take it. */
  giveBack(slot: Slot): void {
    const folder = this.#folders.get(slot);
    // What took the place of one that was laid out is no use to other cells.
    if (folder !== undefined) this.#free.get(folder)?.unshift(slot);
  }

  /** Another file than the one that was laid out is in the place: it costs what any new file does. */
  replace({ number }: Slot, name: string): Slot {
    const uri = this.#workspace.uriOf(name);
    writeFileSync(this.#workspace.pathOf(name), EMPTY);
    this.#gate.filesChanged([{ uri, type: CREATED }]);
    return { number, uri };
  }

  /** To be called when there is time: lays out more if few are left. */
  prepare(): void {
    if (this.#here.length < AHEAD) this.#add();
  }

  /** The free ones of the present folder. */
  get #here(): Slot[] {
    const folder = this.#folder;
    const slots = this.#free.get(folder) ?? [];
    this.#free.set(folder, slots);
    return slots;
  }

  get #folder(): string {
    return path.dirname(this.#workspace.pathOf('x'));
  }

  #add(): void {
    const [folder, here] = [this.#folder, this.#here];
    const made = this.#folders.size;
    mkdirSync(folder, { recursive: true });
    const slots = Array.from({ length: made === 0 ? FIRST_BATCH : BATCH }, (_, index): Slot => {
      const name = moduleOf(made + index + 1);
      writeFileSync(path.join(folder, name), EMPTY);
      return { uri: this.#workspace.uriOf(name), number: made + index + 1 };
    });
    for (const slot of slots) this.#folders.set(slot, folder);
    here.push(...slots);
    this.#gate.filesChanged(slots.map(({ uri }) => ({ uri, type: CREATED })));
  }
}

function moduleOf(slot: number): string {
  return `tsloop-cell-${slot}.ts`;
}
