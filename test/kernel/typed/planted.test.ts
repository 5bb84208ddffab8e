/**
 * A hundred cells of a working session, one type error in each, between as many that are right: exactly these
 * errors are found, each with its code and at its place. In a template ‹ › stand around what must be underlined,
 * and NAME, OTHER and NUMBER for what differs from cell to cell.
 */
import assert from 'node:assert/strict';
import { shownBy, TestKernel } from '../../support/kernel-client.ts';
import { printedErrors } from '../../support/type-errors.ts';

const CELLS = 100;

interface Template {
  /** A cell that is right, and declares what the other one uses. */
  readonly right: string;
  /** A cell with one error. */
  readonly wrong: string;
  readonly code: number;
}

const templates: readonly Template[] = [
  {
    right: `interface NAME { id: number; tags: string[] }
const OTHER: NAME[] = Array.from({ length: 3 }, (_, id) => ({ id, tags: ['t' + id] }))`,
    wrong: `const byId = new Map(OTHER.map((item) => [item.id, item]))
for (const item of byId.values()) {
  console.log(item.tags.join(', '), item.‹idd›)
}`,
    code: 2339,
  },
  {
    right: `async function NAME(n: number): Promise<{ rows: number[]; total: number }> {
  const rows = await Promise.all(Array.from({ length: n }, async (_, i) => i * NUMBER))
  return { rows, total: rows.length }
}`,
    wrong: `const { rows, total } = await NAME(3)
const mean: number = rows.reduce((a, b) => a + b, 0) / total
const ‹text›: string = mean`,
    code: 2322,
  },
  {
    right: `class NAME<T> {
  #items: T[] = []
  push(...items: T[]): this { this.#items.push(...items); return this }
  get first(): T | undefined { return this.#items[0] }
}
const OTHER = new NAME<number>().push(NUMBER)`,
    wrong: `OTHER.push(1).push(2, ‹'three'›)`,
    code: 2345,
  },
  {
    right: `const NAME = new Map<string, number>([['a', NUMBER]])`,
    wrong: `// the value may not be there
const doubled = ‹NAME.get('a')› * 2`,
    code: 2532,
  },
  {
    right: `enum NAME { Ready, Running, Done = NUMBER }
let OTHER: NAME = NAME.Ready`,
    wrong: `OTHER = NAME.Running
switch (OTHER as NAME) {
  case NAME.Ready: break
  case NAME.‹Stopped›: break
}`,
    code: 2339,
  },
  {
    right: `type NAME = { kind: 'circle'; r: number } | { kind: 'rect'; w: number; h: number }
const OTHER = (s: NAME) => (s.kind === 'circle' ? s.r ** 2 * Math.PI : s.w * s.h)`,
    wrong: `const areas = [
  OTHER({ kind: 'circle', r: NUMBER }),
  OTHER({ kind: 'rect', w: 1, h: 2 }),
  OTHER({ kind: 'circle', ‹w›: 1 }),
]`,
    code: 2353,
  },
  {
    right: `function NAME(a: number, b: string): string { return b.repeat(a) }
const OTHER = NAME(2, 'x')`,
    wrong: `console.log('😀'); NAME(‹'2'›, OTHER)`,
    code: 2345,
  },
  {
    right: `import { readFileSync as NAME } from 'node:fs'`,
    wrong: `const lines = NAME('no-such-file', 'utf8').split('\\n')
lines.map((line) => line.‹trimm›()).filter(Boolean)`,
    code: 2551,
  },
  {
    right: `const NAME = { host: 'localhost', port: NUMBER, retry: { times: 3 } } as const`,
    wrong: `const copy = { ...NAME, port: 1 }
copy.port = 2
NAME.retry.‹times› = 4`,
    code: 2540,
  },
  {
    right: `const NAME = <T, K extends keyof T>(list: T[], key: K): T[K][] => list.map((item) => item[key])
const OTHER = [{ city: 'a', size: NUMBER }]`,
    wrong: `const cities = NAME(OTHER, 'city').map((c) => c.toUpperCase())
const sizes = NAME(OTHER, ‹'sizes'›)`,
    code: 2345,
  },
  {
    right: `abstract class NAME { abstract area(): number; describe() { return \`area \${this.area()}\` } }`,
    wrong: `class ‹Square› extends NAME {
  side = NUMBER
}`,
    code: 2515,
  },
  {
    right: `namespace NAME { export interface Options { depth?: number } export const walk = (o: Options = {}) => o.depth ?? NUMBER }`,
    wrong: `if (NAME.walk() > 0) {
\tconst options: NAME.Options = { depth: 1, ‹deep›: true }
\tNAME.walk(options)
}`,
    code: 2353,
  },
  {
    right: `let NAME: string | undefined = Math.random() > 2 ? 'x' : undefined`,
    wrong: `const lengthOf = (s: string) => s.length
if (NAME === undefined) lengthOf(‹NAME›)`,
    code: 2345,
  },
  {
    right: `const NAME = await Promise.resolve([{ when: new Date(NUMBER), open: true }])`,
    wrong: `!echo listing
const open = NAME.filter((entry) => entry.open)
open.map((entry) => entry.when.‹getYearr›())`,
    code: 2339,
  },
  {
    right: `const NAME = (n: number) => n + NUMBER`,
    wrong: `const piped = [1, 2, 3].map(NAME)\r
const last = piped.at(-1)\r
‹last›.toFixed(2)\r
`,
    code: 18048,
  },
];

/** The cell without its marks, and what must be found: `2322 3:7 text`. */
function planted(text: string, code: number): { cell: string; expected: string } {
  const start = text.indexOf('‹');
  const cell = text.replace(/[‹›]/g, '');
  const before = text.slice(0, start).split('\n');
  const place = `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
  return { cell, expected: `${code} ${place} ${text.slice(start + 1, text.indexOf('›'))}` };
}

/** What the templates say, with names and a number of this cell's own. */
function fill(text: string, index: number): string {
  return text
    .replaceAll('NAME', `${['Orange', 'velvet', 'Thicket', 'jumble'][index % 4]}${index}`)
    .replaceAll('OTHER', `${['spark', 'Melon', 'drift'][index % 3]}${index}`)
    .replaceAll('NUMBER', String(10 + index * 7));
}

describe('one type error in each of a hundred cells', () => {
  let kernel: TestKernel;
  before(async () => {
    kernel = await TestKernel.start();
  });
  after(() => kernel.stop());

  it('is found with its code and at its place, and no other is', async function () {
    this.timeout(120_000);
    const found: string[] = [];
    const expected: string[] = [];
    for (let index = 0; index < CELLS; index += 1) {
      const template = templates[index % templates.length];
      assert.ok(template);
      const right = await kernel.client.run(fill(template.right, index));
      // Cells that are right are listed as well: there must be none.
      found.push(...shownBy(right.published).errors.map((error) => `in the right cell ${index}: ${error}`));
      const wrong = planted(fill(template.wrong, index), template.code);
      const { published } = await kernel.client.run(wrong.cell);
      const shown = shownBy(published);
      expected.push(`cell ${index}: ${wrong.expected}`);
      found.push(
        ...printedErrors(shown.traceback, wrong.cell).map(({ place }) => `cell ${index}: ${place}`),
        ...(shown.stdout === '' ? [] : [`cell ${index} ran: ${shown.stdout}`]),
      );
    }
    assert.deepEqual(found, expected);
  });
});
