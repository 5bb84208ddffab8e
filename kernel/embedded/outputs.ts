/**
 * What the runtime says → the outputs of the cells that it is said for, in nbformat's shape. Output
 * names the run that it belongs to, so what a callback prints later still goes to its own cell.
 */
import type { CellId, MimeBundle, ToFront } from '../bridge.ts';
import type { JsonObject } from '../protocol/json.ts';
import type { CodeCell, Output } from './notebook.ts';
import { OverwrittenText } from './overwriting.ts';

export class OutputCollector {
  readonly #cells = new Map<CellId, CodeCell>();
  /** What is shown under a display id, wherever it is shown: an update changes all of it. */
  readonly #displays = new Map<string, Output[]>();
  /** What belongs to no run: the output of code that runs before any cell does, or outside of all. */
  readonly #unclaimed: ToFront[] = [];
  #latest: CodeCell | undefined;
  /** What has been printed to each stream output. */
  readonly #texts = new WeakMap<Output, OverwrittenText>();
  /** Cells whose outputs go away with the next output (`clear` with wait). */
  readonly #clearing = new Set<CodeCell>();

  /** From now on the run's output goes to this cell, in place of what it showed before. */
  begin(run: CellId, cell: CodeCell): void {
    cell.outputs = [];
    this.#clearing.delete(cell);
    this.#cells.set(run, cell);
    this.#latest = cell;
    for (const message of this.#unclaimed.splice(0)) this.take(message);
  }

  take(message: ToFront): void {
    if ('cell' in message && this.#cellOf(message.cell) === undefined) {
      this.#unclaimed.push(message);
      return;
    }
    switch (message.type) {
      case 'stream':
        this.#stream(message.cell, message.name, message.text);
        break;
      case 'result':
        this.#add(message.cell, {
          output_type: 'execute_result',
          execution_count: message.executionCount,
          data: message.data,
          metadata: message.metadata,
        });
        break;
      case 'display':
        this.#display(message);
        break;
      case 'clear':
        this.#clear(message.cell, message.wait);
        break;
      case 'error':
        this.#add(message.cell, { output_type: 'error', ...message.error });
        break;
      default:
    }
  }

  /** The cell of the run; output of no known run is shown under the latest one, as it must be somewhere. */
  #cellOf(run: CellId): CodeCell | undefined {
    return this.#cells.get(run) ?? this.#latest;
  }

  /** The outputs to add to: cleared by now, if that was put off. */
  #outputs(run: CellId): Output[] | undefined {
    const cell = this.#cellOf(run);
    if (cell !== undefined && this.#clearing.delete(cell)) cell.outputs = [];
    return cell?.outputs;
  }

  #add(run: CellId, output: Output): void {
    this.#outputs(run)?.push(output);
  }

  #stream(run: CellId, name: string, text: string): void {
    const outputs = this.#outputs(run);
    const last = outputs?.at(-1);
    const isSame = last?.output_type === 'stream' && last['name'] === name;
    const output: Output = isSame ? last : { output_type: 'stream', name, text: '' };
    if (!isSame) outputs?.push(output);
    const written = this.#texts.get(output) ?? new OverwrittenText();
    this.#texts.set(output, written);
    written.write(text);
    output['text'] = written.toString();
  }

  #display(message: {
    cell: CellId;
    data: MimeBundle;
    metadata: JsonObject;
    displayId?: string;
    update?: boolean;
  }): void {
    const { cell, data, metadata, displayId, update } = message;
    if (update === true) {
      for (const shown of this.#displays.get(displayId ?? '') ?? []) Object.assign(shown, { data, metadata });
      return;
    }
    const output: Output = { output_type: 'display_data', data, metadata };
    this.#add(cell, output);
    if (displayId !== undefined)
      this.#displays.set(displayId, [...(this.#displays.get(displayId) ?? []), output]);
  }

  #clear(run: CellId, wait: boolean): void {
    const cell = this.#cellOf(run);
    if (cell === undefined) return;
    if (wait) this.#clearing.add(cell);
    else cell.outputs = [];
  }
}
