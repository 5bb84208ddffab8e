/**
 * Compares tsloop with its peers over raw ZeroMQ sockets, as any client talks to them.
 * Each round visits every kernel once, so that noise of the machine falls on all alike; one kernel
 * lives at a time, so that none takes another's processor or shares its memory.
 */
import { writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import path from 'node:path';
import { askingRound } from './asking.ts';
import { noSamples, type Samples } from './figures.ts';
import { cache, node, prepare, type Candidate } from './kernels.ts';
import { longRound } from './long.ts';
import { memoryMeasure } from './memory.ts';
import { readOptions, usage, type Options } from './options.ts';
import { plainLoop } from './plain-loop.ts';
import { judgement, table } from './report.ts';
import { fullRound, startRound } from './rounds.ts';
import { verdicts } from './verdict.ts';
import { workFolder } from './work-folder.ts';

const say = (text: string): void => void process.stderr.write(`${text}\n`);

// A signal ends the harness by way of its exit listeners, which end the kernel that is being measured.
process.on('SIGINT', () => process.exit(130));
process.on('SIGTERM', () => process.exit(143));

async function main(): Promise<number> {
  let options: Options | 'help';
  try {
    options = readOptions(process.argv.slice(2));
  } catch (error) {
    say(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
    return 2;
  }
  if (options === 'help') {
    process.stdout.write(`${usage}\n`);
    return 0;
  }

  const candidates: Candidate[] = [];
  const missing: string[] = [];
  for (const name of options.kernels) {
    try {
      const candidate = await prepare(name);
      candidates.push(options.short ? { ...candidate, extent: 'cells' } : candidate);
    } catch (error) {
      missing.push(`${name} is missing: ${error instanceof Error ? error.message : String(error)}`);
      say(missing.at(-1) ?? '');
    }
  }

  const cwd = workFolder();
  const results = new Map<string, Samples>(candidates.map(({ name }) => [name, noSamples()]));
  const plain: number[] = [];
  for (let round = 1; round <= options.starts; round++) {
    say(`start ${round}/${options.starts}`);
    await visit(candidates, results, (candidate, samples) => startRound(candidate, samples, cwd));
  }
  for (let round = 1; round <= options.rounds; round++) {
    // Before and after the kernels: the yardstick meets the same noise as they do.
    if (!options.short) plain.push(plainLoop(node, options.turns));
    await visit(candidates, results, (candidate, samples) => {
      say(`round ${round}/${options.rounds}: ${candidate.name}`);
      return fullRound(candidate, samples, cwd, options);
    });
    if (options.short) continue;
    plain.push(plainLoop(node, options.turns));
    await visit(candidates, results, (candidate, samples) => {
      say(`round ${round}/${options.rounds}, questions: ${candidate.name}`);
      return askingRound(candidate, samples, cwd);
    });
  }
  const long = options.short ? [] : candidates;
  await visit(long, results, (candidate, samples) => {
    say(`${options.cells} cells: ${candidate.name}`);
    return longRound(candidate, samples, cwd, options);
  });

  const versions = new Map(candidates.map(({ name, version }) => [name, version]));
  const judged = verdicts(results, plain, options.cells);
  const machine = `Node ${process.version}, ${process.platform} ${process.arch}, ${cpus().length} × ${cpus()[0]?.model.trim()}`;
  const failures = [...results].flatMap(([name, samples]) =>
    samples.failures.map((failure) => `${name}: ${failure}`),
  );
  const notes = [...missing, ...failures].map((note) => `- ${note}`).join('\n');
  process.stdout.write(
    `${table(results, versions, plain, options)}\n\n${machine}. ` +
      `Medians of ${options.starts + options.rounds} starts and ${options.rounds} rounds; one long session each. ` +
      `${memoryMeasure()}\n\n` +
      (options.quick ? `QUICK: too few samples for anything but a look.\n\n` : '') +
      `${judgement(judged)}\n` +
      (notes && `\n${notes}\n`),
  );
  const file = path.join(cache, 'results.json');
  const record = {
    date: new Date().toISOString(),
    machine,
    memoryBytes: totalmem(),
    options,
    versions: Object.fromEntries(versions),
    plainLoop: plain,
    samples: Object.fromEntries(results),
    verdicts: judged,
    missing,
  };
  writeFileSync(file, `${JSON.stringify(record, undefined, 2)}\n`);
  say(`all samples: ${path.relative(process.cwd(), file)}`);
  return judged.some(({ pass }) => pass === false) ? 1 : 0;
}

async function visit(
  candidates: readonly Candidate[],
  results: ReadonlyMap<string, Samples>,
  measure: (candidate: Candidate, samples: Samples) => Promise<void>,
): Promise<void> {
  for (const candidate of candidates) {
    const samples = results.get(candidate.name) ?? noSamples();
    try {
      await measure(candidate, samples);
    } catch (error) {
      samples.failures.push(error instanceof Error ? error.message : String(error));
    }
  }
}

process.exitCode = await main();
