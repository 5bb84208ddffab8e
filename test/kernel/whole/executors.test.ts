/** Functions of cells in worker threads. */
import { describeCells } from './cells.ts';

const LOOP = 'import { getEventLoop } from "tsloop";\nconst loop = getEventLoop();\n';

describeCells('a function of a cell in another thread', {
  'gets copies of its arguments, and gives its result back': [
    [
      `${LOOP}await loop.runInExecutor(null, (a: number[], b: number) => a.map((n) => n * b), [1, 2], 3)`,
      '[ 3, 6 ]',
    ],
  ],
  'imports what it needs': [
    [
      `${LOOP}await loop.runInExecutor(null, async () => (await import("node:path")).basename("/a/b.c"))`,
      "'b.c'",
    ],
  ],
  'throws where it is waited for': [
    [
      `${LOOP}await loop.runInExecutor(null, () => { throw new RangeError("no"); })`,
      {
        error: 'RangeError: no',
        traceback:
          /^In \[1\]:3:46\n {4}await loop\.runInExecutor.*\n {49}\^\nRangeError: no\n {4}at In \[1\]:3:46\n {4}at (?:async )?In \[1\]:3:1$/,
      },
    ],
  ],
  'shows its own lines in errors, also of a method and of causes, and no frames of the pool': [
    [
      `${LOOP}const tool = {
  async work(n: number): Promise<number> {
    const helper = (value: any): number => {
      try { return value.no.such } catch (cause) { throw new Error("outer", { cause }) }
    }
    return helper(n)
  }
}
async function go() {
  return await loop.runInExecutor(null, tool.work, 1)
}
await go()`,
      {
        error: 'Error: outer',
        traceback:
          /^In \[1\]:6:58\n[^]*\nError: outer\n {4}at helper \(In \[1\]:6:58\)\n {4}at (?:Object\.)?work \(In \[1\]:8:12\)\n {4}at async go \(In \[1\]:12:10\)\n {4}at (?:async )?In \[1\]:14:1 \{\n {2}\[cause\]: TypeError: .*\n {6}at helper \(In \[1\]:6:29\)\n {6}at (?:Object\.)?work \(In \[1\]:8:12\)\n\}$/,
      },
    ],
  ],
  'is led to no line when there are two with the same text': [
    [
      `${LOOP}const one = () => { throw new Error("which?") }\nconst two = () => { throw new Error("which?") }\nawait loop.runInExecutor(null, one)`,
      {
        error: 'Error: which?',
        traceback: /^In \[1\]:5:1\n[^]*at <anonymous> \(worker thread\)\n {4}at (?:async )?In \[1\]:5:1$/,
      },
    ],
  ],
  'that cannot be sent is told of at the line that waits': [
    [
      `${LOOP}await loop.runInExecutor(null, (f: () => number) => f(), () => 1)`,
      {
        error: /^DataCloneError: /,
        traceback: /^In \[1\]:3:1\n[^]*could not be cloned\.\n {4}at (?:async )?In \[1\]:3:1$/,
      },
    ],
  ],
});
