/** The cells that are measured, the same work in the kernel's language. */
export interface Snippets {
  /** A cell that declares a type, a function and a variable, all named after n. */
  declare(n: number): string;
  print(lines: number): string;
  /** Prints the milliseconds that the loop alone took, after the word `took`. */
  loop(turns: number): string;
  readonly keep: string;
  readonly kept: string;
  readonly spin: string;
}

export const typescript: Snippets = {
  declare: (n) =>
    `interface P${n} { x: number; y: string }\n` +
    `function f${n}(a: number, p: P${n}): number[] {\n` +
    `  return Array.from({ length: a }, (_, k) => k * ${n} + p.x);\n}\n` +
    `const v${n} = f${n}(10, { x: ${n}, y: 's' });\nv${n}`,
  print: (lines) => `for (let i = 0; i < ${lines}; i++) console.log('line', i)`,
  // One text for the cell and for the plain module that it is compared with (plain-loop.ts).
  loop: (turns) =>
    `let sum = 0;\nconst began = performance.now();\n` +
    `for (let i = 0; i < ${turns}; i++) sum += i;\n` +
    `console.log('took', (performance.now() - began).toFixed(3))`,
  keep: 'var keep = 41',
  kept: 'keep + 1',
  spin: 'for (;;) {}',
};

export const python: Snippets = {
  declare: (n) =>
    `class P${n}:\n    def __init__(self, x, y):\n        self.x = x\n        self.y = y\n` +
    `def f${n}(a, p):\n    return [k * ${n} + p.x for k in range(a)]\n` +
    `v${n} = f${n}(10, P${n}(${n}, 's'))\nv${n}`,
  print: (lines) => `for i in range(${lines}): print('line', i)`,
  loop: (turns) =>
    `import time\nsum_ = 0\nbegan = time.perf_counter()\n` +
    `for i in range(${turns}): sum_ += i\nprint('took', (time.perf_counter() - began) * 1000)`,
  keep: 'keep = 41',
  kept: 'keep + 1',
  spin: 'while True: pass',
};
