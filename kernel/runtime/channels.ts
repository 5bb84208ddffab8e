/**
 * Children that run beside their cell, and may outlive it, get a pair of FIFOs of that cell as standard output and error:
 * what they print later is still known to be its output.
 */
import fs from 'node:fs';
import type { CellId } from '../bridge.ts';
import { type Fifos, removeFifos } from '../wire/fifos.ts';

// As they are before they are taken over for cells.
const { closeSync, constants, openSync } = fs;

export interface Channel {
  readonly id: number;
  readonly cell: CellId;
  /** What children get as 1 and 2. */
  readonly outputs: readonly [stdout: number, stderr: number];
  /** The same for marks: these do not block. */
  readonly writers: readonly number[];
}

/** What the channels need of the descriptors. */
export interface ChannelHost {
  make(): Fifos;
  opened(channel: Channel, readers: Fifos['readers']): void;
  /** Called before it is closed. */
  released(channel: Channel): void;
}

export class Channels {
  readonly #host: ChannelHost;
  /** By channel: how many children have it that have not ended. */
  readonly #children = new Map<Channel, number>();
  #opened = 0;
  /** The cell that may start further children. */
  #cell: CellId = 0;

  constructor(host: ChannelHost) {
    this.#host = host;
  }

  /** Another cell runs from now on. */
  enter(cell: CellId): void {
    this.#cell = cell;
    this.#releaseIdle();
  }

  /** The channel of a cell, for one child of it. @throws Error when there can be none */
  lend(cell: CellId): Channel {
    let channel = [...this.#children.keys()].find((each) => each.cell === cell);
    channel ??= this.#open(cell);
    this.#children.set(channel, (this.#children.get(channel) ?? 0) + 1);
    return channel;
  }

  /** A child that had it has ended. */
  giveBack(channel: Channel): void {
    this.#children.set(channel, (this.#children.get(channel) ?? 1) - 1);
    this.#releaseIdle();
  }

  #open(cell: CellId): Channel {
    const { readers, paths, folder } = this.#host.make();
    const open = (flags: number): [number, number] => [openSync(paths[0], flags), openSync(paths[1], flags)];
    const channel: Channel = {
      id: ++this.#opened,
      cell,
      outputs: open(constants.O_WRONLY),
      writers: open(constants.O_WRONLY | constants.O_NONBLOCK),
    };
    removeFifos(folder);
    this.#host.opened(channel, readers);
    return channel;
  }

  /** The descriptors of this process are few: those of cells that are over are closed with their last child. */
  #releaseIdle(): void {
    for (const [channel, children] of this.#children) {
      if (children > 0 || channel.cell === this.#cell) continue;
      this.#children.delete(channel);
      this.#host.released(channel);
      for (const fd of [...channel.outputs, ...channel.writers]) closeSync(fd);
    }
  }
}
