/** Completion and inspection, timed as the client waits for them, and whether the answers are any good. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answers, Samples, Situation } from './figures.ts';
import { type Kernel, type Reply, TimeoutError } from './kernel.ts';
import type { Candidate } from './kernels.ts';
import { asked, askedAbout, completions, inspections, type Question } from './questions.ts';
import { inParts, withKernel } from './session.ts';
import { typescript } from './snippets.ts';

/** Each question is asked once to warm up, and so often for the figures. */
const times = 4;
/** Milliseconds after which a client has given up long ago. */
const noAnswer = 3000;
/** All questions of one kind and situation; a kernel that is slower is asked fewer. */
const enough = 30_000;

/** Each text that is sent differs from all others by its number. */
let step = 0;

/** The questions in a session of their own: idle, then behind a cell that blocks. */
export async function askingRound(candidate: Candidate, samples: Samples, cwd: string): Promise<void> {
  // The questions are about TypeScript.
  if (candidate.extent !== 'all' || candidate.snippets !== typescript) return;
  await withKernel(candidate, cwd, async (kernel) => {
    await kernel.ready();
    await introduce(kernel);
    await inParts(samples, [
      ['questions', () => ask(kernel, samples, 'young')],
      ['questions while a cell blocks', () => askBlocked(kernel, candidate, samples)],
    ]);
  });
}

/** Runs the cells that the questions are about. */
export async function introduce(kernel: Kernel): Promise<void> {
  for (const cell of askedAbout) {
    const { status, error } = await kernel.execute(cell);
    if (status !== 'ok') throw new Error(`a cell that questions are about ended with ${status}: ${error}`);
  }
}

/** Asks everything. */
export async function ask(kernel: Kernel, samples: Samples, situation: Situation): Promise<void> {
  await askAll(
    completions,
    samples.complete[situation],
    ({ code, cursor }) => kernel.complete(code, cursor, noAnswer),
    isOffered,
  );
  await askAll(
    inspections,
    samples.inspect[situation],
    ({ code, cursor }) => kernel.inspect(code, cursor, noAnswer),
    isSaid,
  );
}

async function askAll(
  questions: readonly Question[],
  answers: Answers,
  send: (question: { code: string; cursor: number }) => Promise<Reply>,
  isRight: (content: Reply['content'], answer: string) => boolean,
): Promise<void> {
  const began = performance.now();
  for (let time = 0; time <= times; time++) {
    for (const question of questions) {
      if (performance.now() - began > enough) return;
      const { milliseconds, content } = await send(asked(question, (step += 1)));
      if (time === 0) continue;
      answers.milliseconds.push(milliseconds);
      if (isRight(content, question.answer)) answers.right += 1;
    }
  }
}

/** Kernels differ in what a match takes the place of: the name alone, or all the way from the object. */
function isOffered({ matches }: Reply['content'], answer: string): boolean {
  return (
    Array.isArray(matches) &&
    matches.some((match) => match === answer || String(match).endsWith(`.${answer}`))
  );
}

function isSaid({ found, data }: Reply['content'], answer: string): boolean {
  return found === true && Object.values(data ?? {}).some((text) => String(text).includes(answer));
}

async function askBlocked(kernel: Kernel, candidate: Candidate, samples: Samples): Promise<void> {
  const { ended } = await kernel.executeEndless(candidate.snippets.spin);
  // The kernel has said that it took the cell; this lets it compile it and enter the loop.
  await sleep(300);
  let isOver = false;
  void ended.catch(() => undefined).then(() => (isOver = true));
  try {
    await ask(kernel, samples, 'blocked');
  } catch (error) {
    if (!(error instanceof TimeoutError)) throw error;
    // Kernels of one thread. The process is of no use any more, and inspection would go the same way.
    samples.complete.blocked.unanswered = samples.inspect.blocked.unanswered = true;
    return;
  }
  if (isOver) throw new Error('the cell did not block');
  kernel.interrupt();
  await ended;
}
