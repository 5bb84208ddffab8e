/**
 * `npm run fuzz:loop`: compares tsloop with CPython's asyncio on random programs.
 *
 *   npm run fuzz:loop -- --count 100000 --seed 7
 *
 * A program that runs differently is made small, shown, and kept in test/differential/cases/.
 */
import { parseArgs } from 'node:util';
import { python as pythonPath } from '../support/python.ts';
import { writeCase } from './cases.ts';
import { compareSeries, describeDifference, smallest } from './compare.ts';
import { PythonInterpreter } from './python.ts';

/** How many programs lie between two lines that tell how far it has come. */
const REPORT_EVERY = 5000;
/** One mistake shows in many programs. */
const MOST_KEPT = 3;

function readNumber(name: string, text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  console.error(`--${name} takes a whole number, not ${text}`);
  return process.exit(2);
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      count: { type: 'string', default: '10000' },
      seed: { type: 'string', default: String(Date.now() % 1e9) },
    },
  });
  const count = readNumber('count', values.count);
  const seed = readNumber('seed', values.seed);
  const python = new PythonInterpreter(pythonPath());
  console.log(`${count} programs of seed ${seed}, on tsloop and on CPython ${await python.version}`);
  const start = performance.now();
  let kept = 0;
  for (let first = 0; first < count && kept < MOST_KEPT; first += REPORT_EVERY) {
    const end = Math.min(count, first + REPORT_EVERY);
    for (const found of await compareSeries(python, seed, first, end, MOST_KEPT - kept)) {
      const small = await smallest(found, python);
      const about = `Program ${found.number} of seed ${seed} ran differently.`;
      const file = writeCase(`seed-${seed}-${found.number}`, { about, program: small.program });
      console.log(`${about} Kept as ${file}\n${describeDifference(small)}`);
      kept++;
    }
    const seconds = ((performance.now() - start) / 1000).toFixed(0);
    console.log(`${end} programs, ${kept} differences, ${seconds} s`);
  }
  await python.close();
  return kept === 0 ? 0 : 1;
}

process.exitCode = await main();
