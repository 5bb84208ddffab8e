/** Whether all lines that cells were to print have come, each once, in order, under the right cell. */
import type { Received } from '../support/kernel-client.ts';

/** What one request prints: lines `~tag:0`, `~tag:1`, … */
interface Printing {
  readonly tag: string;
  /** How many there are to be; undefined as long as nobody knows, as of a cell that is interrupted. */
  least: number | undefined;
  most: number;
  seen: number;
  isFaulty: boolean;
  /** By stream: the begin of a line whose end has not come. */
  readonly rest: Map<string, string>;
}

export class LineCount {
  /** By the msg_id of the request. */
  readonly #printing = new Map<string, Printing>();
  /** Requests whose lines have not all come. */
  readonly #open = new Set<string>();
  readonly #faults: string[] = [];
  #lines = 0;
  #repeated = 0;

  /** All lines that have come. */
  get lines(): number {
    return this.#lines;
  }

  /** Lines that came twice in a row: an interrupt ended the callback of a timer behind what it had printed. */
  get repeated(): number {
    return this.#repeated;
  }

  /** The request prints so many lines, now or later; without a count, any number until `settle` tells. */
  expect(id: string, tag: string, count?: number): void {
    const most = count ?? Number.POSITIVE_INFINITY;
    this.#printing.set(id, { tag, least: count, most, seen: 0, isFaulty: false, rest: new Map() });
    this.#open.add(id);
  }

  /** How many there were is known now. */
  settle(id: string, least: number, most: number): void {
    const printing = this.#printing.get(id);
    if (printing) Object.assign(printing, { least, most });
  }

  /** Takes in what iopub said. */
  take(messages: readonly Received[]): void {
    for (const { type, parent, content } of messages) {
      if (type !== 'stream') continue;
      const stream = String(content['name']);
      const printing = this.#printing.get(parent);
      const lines = `${printing?.rest.get(stream) ?? ''}${String(content['text'])}`.split('\n');
      printing?.rest.set(stream, lines.pop() ?? '');
      for (const line of lines) if (line.startsWith('~')) this.#line(line, parent, printing);
    }
  }

  /** What has not come yet, in words. */
  get missing(): readonly string[] {
    return this.#opened().map(
      ([, { tag, least, seen }]) => `${seen} of ${least ?? 'unknown many'} lines of ${tag} came`,
    );
  }

  /** What was wrong since the last time, in words. */
  check(): readonly string[] {
    for (const [id, printing] of this.#opened()) {
      const { tag, least, most, seen } = printing;
      if (seen > most) this.#fault(printing, `${seen} lines of ${tag} came instead of ${most}`);
      if (least !== undefined && seen >= least) this.#open.delete(id);
    }
    return this.#faults.splice(0);
  }

  #opened(): [string, Printing][] {
    return [...this.#open].flatMap((id) => {
      const printing = this.#printing.get(id);
      return printing ? [[id, printing]] : [];
    });
  }

  #line(line: string, parent: string, printing: Printing | undefined): void {
    this.#lines += 1;
    if (!printing) this.#faults.push(`a line that nobody expects, under ${parent}: ${line}`);
    else if (line === `~${printing.tag}:${printing.seen}` && printing.seen < printing.most)
      printing.seen += 1;
    else if (line === `~${printing.tag}:${printing.seen - 1}`) this.#repeated += 1;
    else if (!printing.isFaulty)
      this.#fault(printing, `line ${printing.seen} of ${printing.tag} was ${line.slice(0, 200)}`);
  }

  /** One fault says enough of a request: what comes after it is out of step. */
  #fault(printing: Printing, text: string): void {
    printing.isFaulty = true;
    this.#faults.push(text);
  }
}
