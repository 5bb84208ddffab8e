/** The cells that are measured, the same work in the kernel's language. */
export interface Snippets {
  /**
   * Cell n of a session of declarations: one to three of them, all named after n. In turn it is a record with a
   * function, a type with a constant, a class, an asynchronous function, and an enum with a generic function; but for
   * the first of each five they use what the cells before have declared, so n counts up from a multiple of
   * {@link shapes}.
   */
  declare(n: number): string;
  print(lines: number): string;
  /** Prints the milliseconds that the loop alone took, after the word `took`. */
  loop(turns: number): string;
  readonly keep: string;
  readonly kept: string;
  readonly spin: string;
}

/** So many kinds of declaring cells take turns. Samples that are compared hold each of them equally often. */
export const shapes = 5;

const typescriptShapes: readonly ((n: number) => string)[] = [
  (n) => `interface Reading${n} {
  readonly station: string;
  readonly at: Date;
  values: number[];
  note?: string;
}
function mean${n}(reading: Reading${n}): number {
  const sum = reading.values.reduce((total, value) => total + value, 0);
  return reading.values.length === 0 ? NaN : sum / reading.values.length;
}
const reading${n}: Reading${n} = { station: 'north-${n}', at: new Date(0), values: [1, 2, ${n}] };
mean${n}(reading${n})`,
  (n) => `type Summary${n} = { name: string; mean: number; counts: Map<string, number> };
const summaries${n}: Summary${n}[] = [reading${n - 1}].map((reading) => ({
  name: reading.station,
  mean: mean${n - 1}(reading),
  counts: new Map([[reading.station, reading.values.length]]),
}));
summaries${n}.length`,
  (n) => `class Store${n}<T extends { name: string }> {
  private readonly items = new Map<string, T>();
  add(item: T): this {
    this.items.set(item.name, item);
    return this;
  }
  get(name: string): T | undefined {
    return this.items.get(name);
  }
  get size(): number {
    return this.items.size;
  }
}
const store${n} = new Store${n}<{ name: string; mean: number }>().add(summaries${n - 1}[0]!);
store${n}.size`,
  (
    n,
  ) => `async function load${n}(name: string, factor = 1): Promise<{ label: string; mean: number } | undefined> {
  const found = store${n - 1}.get(name);
  return found && { label: found.name.toUpperCase(), mean: found.mean * factor };
}
const loaded${n} = await load${n}('north-${n - 3}', 2);`,
  (n) => `enum Level${n} { Low, Middle, High }
function groupBy${n}<T, K extends string | number>(items: readonly T[], key: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return groups;
}
const levels${n} = groupBy${n}([1, 5, loaded${n - 1}?.mean ?? 9], (x) => (x > 6 ? Level${n}.High : Level${n}.Low));
levels${n}.size`,
];

const pythonShapes: readonly ((n: number) => string)[] = [
  (n) => `from dataclasses import dataclass
@dataclass
class Reading${n}:
    station: str
    at: float
    values: list[float]
    note: str | None = None
def mean${n}(reading: Reading${n}) -> float:
    return sum(reading.values) / len(reading.values) if reading.values else float('nan')
reading${n} = Reading${n}('north-${n}', 0, [1, 2, ${n}])
mean${n}(reading${n})`,
  (n) => `@dataclass
class Summary${n}:
    name: str
    mean: float
    counts: dict[str, int]
summaries${n} = [Summary${n}(r.station, mean${n - 1}(r), {r.station: len(r.values)}) for r in [reading${n - 1}]]
len(summaries${n})`,
  (n) => `class Store${n}:
    def __init__(self):
        self.items = {}
    def add(self, item):
        self.items[item.name] = item
        return self
    def get(self, name: str):
        return self.items.get(name)
    @property
    def size(self) -> int:
        return len(self.items)
store${n} = Store${n}().add(summaries${n - 1}[0])
store${n}.size`,
  (n) => `async def load${n}(name: str, factor: float = 1):
    found = store${n - 1}.get(name)
    return found and {'label': found.name.upper(), 'mean': found.mean * factor}
loaded${n} = await load${n}('north-${n - 3}', 2)`,
  (n) => `from enum import Enum
class Level${n}(Enum):
    Low = 0
    Middle = 1
    High = 2
def group_by${n}(items, key):
    groups = {}
    for item in items: groups.setdefault(key(item), []).append(item)
    return groups
levels${n} = group_by${n}([1, 5, loaded${n - 1}['mean']], lambda x: Level${n}.High if x > 6 else Level${n}.Low)
len(levels${n})`,
];

const shape = (texts: readonly ((n: number) => string)[], n: number): string => texts[n % shapes]?.(n) ?? '';

export const typescript: Snippets = {
  declare: (n) => shape(typescriptShapes, n),
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
  declare: (n) => shape(pythonShapes, n),
  print: (lines) => `for i in range(${lines}): print('line', i)`,
  loop: (turns) =>
    `import time\nsum_ = 0\nbegan = time.perf_counter()\n` +
    `for i in range(${turns}): sum_ += i\nprint('took', (time.perf_counter() - began) * 1000)`,
  keep: 'keep = 41',
  kept: 'keep + 1',
  spin: 'while True: pass',
};
