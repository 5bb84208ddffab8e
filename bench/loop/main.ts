/**
 * `npm run bench:loop`: the scheduler beside Node's own primitives, CPython's asyncio and uvloop.
 *
 *   npm run bench:loop -- --rounds 5     (3 rounds without it; each measurement is a process of its own)
 *   npm run bench:loop -- --only chain,timers
 *
 * The rounds are interleaved, so that a slow moment of the machine meets all of them; figures are medians.
 */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { repository } from '../../test/support/jupyter-home.ts';
import { report, type Series } from './report.ts';

const run = promisify(execFile);

const OURS = [
  'chain',
  'batch',
  'tasks',
  'sleeps',
  'timers',
  'timerMemory',
  'lateness',
  'latenessHigh',
  'echo',
  'leak',
  'trace',
  'nodeChain',
  'nodeBatch',
  'nodeTimers',
];
const THEIRS = ['chain', 'batch', 'tasks', 'sleeps', 'timers', 'timerMemory', 'lateness'];
/** What uvloop has no part in: the virtual clock is Python's. */
const NOT_UVLOOP = new Set(['timers', 'timerMemory']);

const OUR_PROGRAM = path.join(repository, 'dist', 'bench', 'loop', 'tsloop.js');
const THEIR_PROGRAM = path.join(repository, 'bench', 'loop', 'asyncio_loop.py');

async function measure(
  { contestant, name }: Series,
  python: string | undefined,
): Promise<Readonly<Record<string, number>>> {
  const { stdout } =
    contestant === 'tsloop'
      ? await run(process.execPath, ['--expose-gc', OUR_PROGRAM, name])
      : await run(python ?? '', [THEIR_PROGRAM, name, contestant]);
  return JSON.parse(stdout) as Readonly<Record<string, number>>;
}

async function has(python: string | undefined, module: string): Promise<boolean> {
  if (python === undefined) return false;
  return run(python, ['-c', `import ${module}`]).then(
    () => true,
    () => false,
  );
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { rounds: { type: 'string', default: '3' }, only: { type: 'string' } },
  });
  const rounds = Math.max(1, Number(values.rounds) || 1);
  const only = values.only?.split(',');
  const isWanted = (name: string): boolean => only?.includes(name) ?? true;
  const python = process.env['TSLOOP_BENCH_PYTHON'];
  const [hasAsyncio, hasUvloop] = [await has(python, 'asyncio'), await has(python, 'uvloop')];
  if (!hasAsyncio) console.error('Without Python: set TSLOOP_BENCH_PYTHON to have asyncio beside tsloop.');
  else if (!hasUvloop) console.error('This Python has no uvloop: it is left out.');

  const series: Series[] = [
    ...OURS.map((name) => ({ contestant: 'tsloop' as const, name, rounds: [] })),
    ...(hasAsyncio ? THEIRS.map((name) => ({ contestant: 'asyncio' as const, name, rounds: [] })) : []),
    ...(hasUvloop
      ? THEIRS.filter((name) => !NOT_UVLOOP.has(name)).map((name) => ({
          contestant: 'uvloop' as const,
          name,
          rounds: [],
        }))
      : []),
  ].filter(({ name }) => isWanted(name));
  series.sort((a, b) => a.name.localeCompare(b.name));
  for (let round = 1; round <= rounds; round++) {
    for (const each of series) {
      process.stderr.write(`\rround ${round} of ${rounds}: ${each.contestant} ${each.name}          `);
      each.rounds.push(await measure(each, python));
    }
  }
  process.stderr.write('\r\x1b[K');
  console.log(report(series, rounds));
}

await main();
