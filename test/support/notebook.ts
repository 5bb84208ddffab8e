/** Reads notebooks, and brings outputs into a form in which two executions can be compared. */
import { readdir, readFile } from 'node:fs/promises';

type Text = string | readonly string[];

interface Output {
  readonly output_type: string;
  readonly name?: string;
  readonly text?: Text;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly ename?: string;
  readonly evalue?: string;
}

interface Cell {
  readonly cell_type: string;
  readonly source: Text;
  readonly metadata?: { readonly tags?: readonly string[] };
  readonly outputs?: readonly Output[];
}

/** What a cell showed: one line per stream run, result, display or error, with its times masked. */
export interface Shown {
  readonly source: string;
  readonly outputs: string[];
}

/** The names of the notebooks of a folder. */
export async function notebooksIn(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name.endsWith('.ipynb')).sort();
}

/** What each code cell of a notebook shows, comparable between executions. */
export async function shownBy(file: string): Promise<Shown[]> {
  const notebook = JSON.parse(await readFile(file, 'utf8')) as { cells: readonly Cell[] };
  return notebook.cells
    .filter((cell) => cell.cell_type === 'code')
    .map((cell) => ({
      source: textOf(cell.source),
      outputs: varies(cell) ? [] : comparable(cell.outputs ?? []),
    }));
}

/** What npm says of an installation is never the same; such a cell is tagged, and stored without it. */
function varies({ metadata }: Cell): boolean {
  return metadata?.tags?.includes('varies') === true;
}

function comparable(outputs: readonly Output[]): string[] {
  const lines: string[] = [];
  let stream = '';
  for (const output of outputs) {
    // How a stream is cut into messages is a matter of time: what belongs together is joined.
    if (output.output_type === 'stream' && output.name === stream) {
      lines[lines.length - 1] += maskTimes(textOf(output.text));
    } else {
      lines.push(maskTimes(line(output)));
    }
    stream = output.output_type === 'stream' ? (output.name ?? '') : '';
  }
  return lines;
}

function line(output: Output): string {
  if (output.output_type === 'stream') return `${output.name}: ${textOf(output.text)}`;
  if (output.output_type === 'error') return `error: ${output.ename}: ${output.evalue}`;
  const types = Object.keys(output.data ?? {});
  // To a chart that it has drawn by itself when it saves, JupyterLab adds a picture.
  const isDrawn = types.some((type) => type.startsWith('application/vnd.vega'));
  const data = Object.entries(output.data ?? {})
    .filter(([type]) => !(isDrawn && type === 'image/png'))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const parts = data.map(
    ([type, value]) => `${type} ${isText(value) ? textOf(value) : JSON.stringify(value)}`,
  );
  return `${output.output_type}: ${parts.join('\n')}`;
}

/** Measured times differ from run to run: seconds with three or more decimals, times of the day, dates. */
export function maskTimes(text: string): string {
  return (
    text
      // A timeline is made of measured times.
      .replace(/<svg [^>]*data-tsloop="timeline"[^]*?<\/svg>/g, '<timeline>')
      .replace(/(<img alt=")timeline of [^>]*>/g, '$1timeline">')
      .replace(/\bTask-\d+/g, 'Task-<number>')
      .replace(/\d+\.\d{3,}/g, '<seconds>')
      .replace(/\b\d{1,2}:\d{2}:\d{2}\b/g, '<time>')
      .replace(/\b\d{4}-\d{2}-\d{2}\b/g, '<date>')
      .replace(/\b\d{9,}\b/g, '<clock>')
      .replace(/\b\d+(?:\.\d+)? ?(?:ns|µs|μs|ms|s)\b/g, '<duration>')
  );
}

function isText(value: unknown): value is Text {
  return (
    typeof value === 'string' || (Array.isArray(value) && value.every((each) => typeof each === 'string'))
  );
}

/** nbformat writes a text as a string or as a list of its lines. */
function textOf(text: Text | undefined): string {
  return typeof text === 'string' ? text : (text ?? []).join('');
}
