/**
 * `npm run soak -- --minutes 60 --cells 10000 --seed 1`: a whole kernel over sockets is given random activities,
 * cells, timers, comms, interrupts, questions, children and so on, spread over that time. It ends when they have been
 * done, or when the time is over. Exit code 1 if a reply, an output or a value of the session was lost.
 */
import { parseArgs } from 'node:util';
import { megabytes } from './memory.ts';
import { soak, type SoakMemory } from './soak-run.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '60' },
    cells: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    typecheck: { type: 'string', default: 'on' },
  },
});
const seconds = Number(values.minutes) * 60;
const count = Number(values.cells);
const seed = Number(values.seed);
if (!(seconds > 0 && Number.isInteger(count) && count > 0 && Number.isInteger(seed))) {
  console.error('Usage: npm run soak -- --minutes M --cells N --seed S [--typecheck off]');
  process.exit(2);
}

const inWords = ({ activities, kernel, languageServer }: SoakMemory): string =>
  `after ${activities}: kernel ${megabytes(kernel)}, language server ${megabytes(languageServer)}`;

const begin = performance.now();
const plan = { seed, count, seconds, spread: seconds * 0.9, checked: values.typecheck !== 'off' };
const { activities, cells, kinds, lines, repeated, lost, memory } = await soak(plan, (_, now) => {
  console.log(inWords(now));
});
const minutes = ((performance.now() - begin) / 60_000).toFixed(1);
console.log(
  `Node ${process.versions.node}: ${activities} activities, ${cells} cells, ${lines} lines in ${minutes} min; ` +
    `${lost.length} lost (${repeated} lines came again after an interrupt)`,
);
console.log(
  Object.entries(kinds)
    .map(([kind, times]) => `${times} ${kind}`)
    .join(', '),
);
for (const at of memory) console.log(inWords(at));
for (const fault of lost) console.log(`LOST: ${fault}`);
if (lost.length > 0) process.exitCode = 1;
