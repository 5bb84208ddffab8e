/**
 * The rules of ARCHITECTURE.md that no linter knows: a file imports from its own folder and from lower
 * ranks only, the scheduler stands alone, nothing imports in a circle, and long files explain themselves.
 * Imports of types count too.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseSync } from 'oxc-parser';
import { repository } from './support/jupyter-home.ts';

/** Rank of each folder; the first match counts. Parts of equal rank do not import each other, but for NEIGHBOURS. */
const RANKS: readonly (readonly [pattern: RegExp, rank: number])[] = [
  [/^src\//, 0],
  [/^kernel\/protocol\//, 0],
  [/^kernel\/home\.ts$/, 0],
  [/^kernel\/bridge\.ts$/, 1],
  [/^kernel\/(?:shared|wire)\//, 1],
  [/^kernel\/(?:compat|display|language|magics|modules|packages|timeline|typescript)\//, 2],
  [/^kernel\/(?:front|runtime|embedded|widgets)\//, 3],
  [/^kernel\/(?:commands\/.*|[^/]+\.ts)$/, 4],
];

/** Parts of equal rank of which the first may import the second, and never the other way round. */
const NEIGHBOURS: readonly (readonly [part: string, uses: string])[] = [
  ['kernel/modules', 'kernel/language'], // Imported .ts files are compiled as cells are.
  ['kernel/typescript', 'kernel/magics'], // Magics and commands in a cell are no TypeScript.
  ['kernel/typescript', 'kernel/language'], // What is checked is what the compiler finds in a cell.
  ['kernel/typescript', 'kernel/packages'], // Types of `npm:` packages lie where they are installed.
  ['kernel/magics', 'kernel/language'], // What is nested too deeply for the parser is so in commands, too.
  ['kernel/magics', 'kernel/packages'], // %npm installs.
  ['kernel/modules', 'kernel/packages'], // Files import `npm:` packages.
  ['kernel/compat', 'kernel/display'], // What other kernels' cells call shows things by ours.
  ['kernel/magics', 'kernel/display'], // Magics that show something.
  ['kernel/magics', 'kernel/timeline'], // %%timeline draws.
  ['kernel/timeline', 'kernel/display'], // Colours and escaping.
  ['kernel/embedded', 'kernel/runtime'], // `tsloop run` is a runtime without a front.
  ['kernel/widgets', 'kernel/runtime'], // Widgets talk to clients by comms.
];

/** Longer files cost more to read than they say. */
const LONG_FILE_LINES = 400;

interface Source {
  readonly file: string;
  readonly lines: number;
  readonly text: string;
  /** Module requests as written. */
  readonly requests: readonly string[];
  /** Those that are files of ours, as paths from the root of the repository. */
  readonly files: readonly string[];
}

const sources = ['src', 'kernel'].flatMap(read);

function read(folder: string): Source[] {
  const entries = readdirSync(path.join(repository, folder), { recursive: true, encoding: 'utf8' });
  return entries
    .map((name) => path.posix.join(folder, name.replaceAll('\\', '/')))
    .filter((file) => file.endsWith('.ts'))
    .map((file) => {
      const text = readFileSync(path.join(repository, file), 'utf8');
      const requests = requestsOf(file, text);
      const files = requests
        .filter((request) => request.startsWith('.'))
        .map((request) => path.posix.join(path.posix.dirname(file), request));
      return { file, text, lines: text.split('\n').length, requests, files };
    });
}

function requestsOf(file: string, text: string): string[] {
  const { module, errors } = parseSync(file, text);
  assert.deepEqual(errors, [], `${file} does not parse`);
  const imported = module.staticImports.map((each) => each.moduleRequest.value);
  const exported = module.staticExports.flatMap((each) =>
    each.entries.map((entry) => entry.moduleRequest?.value),
  );
  const dynamic = module.dynamicImports.map(({ moduleRequest: { start, end } }) => text.slice(start, end));
  const literals = dynamic
    .filter((source) => /^(['"]).*\1$/.test(source))
    .map((source) => source.slice(1, -1));
  return [...new Set([...imported, ...exported, ...literals])].filter((request) => request !== undefined);
}

function rankOf(file: string): number | undefined {
  return RANKS.find(([pattern]) => pattern.test(file))?.[1];
}

/** The folder that counts as one part: `src`, `kernel/front`, or `kernel` for the files directly in it. */
function partOf(file: string): string {
  const [top = '', second = ''] = file.split('/');
  if (top === 'src') return top;
  return second.endsWith('.ts') || second === 'commands' ? 'kernel' : `${top}/${second}`;
}

describe('the architecture', () => {
  it('gives every source file a rank', () => {
    assert.deepEqual(
      sources.filter(({ file }) => rankOf(file) === undefined).map(({ file }) => file),
      [],
    );
  });

  it('lets a file import only from its own folder and from lower ranks', () => {
    const wrong = sources.flatMap(({ file, files }) =>
      files
        .filter((other) => partOf(other) !== partOf(file))
        .filter(
          (other) => !NEIGHBOURS.some(([part, uses]) => part === partOf(file) && uses === partOf(other)),
        )
        .filter((other) => (rankOf(other) ?? Infinity) >= (rankOf(file) ?? Infinity))
        .map((other) => `${file} (rank ${rankOf(file)}) imports ${other} (rank ${rankOf(other)})`),
    );
    assert.deepEqual(wrong, []);
  });

  it('keeps the scheduler alone: src imports itself and parts of Node only, but for its thread pool', () => {
    const wrong = sources
      .filter(({ file }) => file.startsWith('src/'))
      .flatMap(({ file, requests, files }) =>
        [
          ...requests.filter(
            (request) =>
              !request.startsWith('.') &&
              !request.startsWith('node:') &&
              !(file === 'src/executor.ts' && request === 'piscina'),
          ),
          ...files.filter((other) => !other.startsWith('src/')),
        ].map((request) => `${file} imports ${request}`),
      );
    assert.deepEqual(wrong, []);
  });

  it('imports files by names that exist', () => {
    const known = new Set(sources.map(({ file }) => file));
    const wrong = sources.flatMap(({ file, files }) =>
      files
        .filter((other) => other.endsWith('.ts') && !known.has(other))
        .map((other) => `${file} imports ${other}`),
    );
    assert.deepEqual(wrong, []);
  });

  it('has no import cycle', () => {
    assert.deepEqual(findCycle(new Map(sources.map(({ file, files }) => [file, files]))), []);
  });

  it(`has no file over ${LONG_FILE_LINES} lines that does not explain itself in a comment at its top`, () => {
    const long = sources.filter(({ lines, text }) => lines > LONG_FILE_LINES && !/^(?:\/\*|\/\/)/.test(text));
    assert.deepEqual(
      long.map(({ file, lines }) => `${file}: ${lines} lines`),
      [],
    );
  });
});

/** The files of one cycle of a graph, or none: a depth-first walk that meets its own path again. */
function findCycle(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>();
  const walk = (file: string, trail: readonly string[]): string[] => {
    if (trail.includes(file)) return [...trail.slice(trail.indexOf(file)), file];
    if (done.has(file)) return [];
    for (const next of graph.get(file) ?? []) {
      const cycle = walk(next, [...trail, file]);
      if (cycle.length > 0) return cycle;
    }
    done.add(file);
    return [];
  };
  for (const file of graph.keys()) {
    const cycle = walk(file, []);
    if (cycle.length > 0) return cycle;
  }
  return [];
}
