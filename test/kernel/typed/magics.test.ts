/** Type checking beside `!` lines and magics, and the magics that steer it. */
import { describeCells, type Outcome } from '../whole/cells.ts';
import { describeTyped, typeOf, types } from './steps.ts';

/** A change of the mode may say so. */
const says: Outcome = { stdout: /^/ };

describeTyped('beside shell lines and magics', {
  'places are those of the cell': [
    ['!echo hi\nconst n: number = "a"', types('2322 2:7 n')],
    ['const ok = 1\n!echo one \\\n  two\n%pwd\nconst m: number = "a"\n!echo three', types('2322 5:7 m')],
    ['  %pwd\n"😀".nope', types('2339 2:6 nope')],
  ],
  'several errors around them are all told': [
    [
      'const a: number = "1"\n!echo x\nconst b: string = 2\n%pwd\nno.such',
      types('2322 1:7 a', '2322 3:7 b', '2304 5:1 no'),
    ],
  ],
  'with Windows line ends places are right too': [
    ['!echo hi\r\nconst r: number = "a"\r\n', types('2322 2:7 r')],
  ],
  'a cell without errors runs in its order': [
    ['const word = "two"\n!echo one\nconsole.log(word)\n!echo three', { stdout: 'one\ntwo\nthree\n' }],
    ['word.length', '3'],
    typeOf('word', '"two"'),
  ],
  'an expression in braces is no part of the check': [
    ['const arg = { toString: () => "shown" }'],
    ['!echo {arg}', { stdout: 'shown\n' }],
  ],
  'the exit code has its type': [
    ['!exit 3'],
    ['_exit_code + 1', '4'],
    ['_exit_code.length', types('2339 1:12 length')],
  ],
  'what a magic line gives is typed as any result': [
    ['%pwd', { result: /./ }],
    ['1', '1'],
  ],
  '%time checks its code': [
    ['%time const timed = 1', { stdout: /Wall time/ }],
    ['timed + 1', '2'],
    typeOf('timed', '1'),
  ],
  '%%time checks its body, at the places of the cell': [
    ['%%time\nconst body = 1\nconst wrong: number = "a"', types('2322 3:7 wrong')],
    ['body', types('2304 1:1 body')],
    ['%%time\nconst body = 1\nbody', { stdout: /Wall time/, result: '1' }],
    ['body.toFixed(1)', "'1.0'"],
    ['\n\n%%time\n\n"".nope', types('2339 5:4 nope')],
  ],
  'asCompleted takes tasks of several kinds': [
    [
      'import { asCompleted } from "tsloop"\nconst mixed: Array<string | number> = []\nfor await (const one of asCompleted([async () => "a", async () => 1])) mixed.push(one)\nmixed',
      "[ 'a', 1 ]",
    ],
  ],
  'wait takes tasks of several kinds, and gives back what it got': [
    [
      'import { createTask, wait } from "tsloop"\nconst kinds = [createTask(async () => "a"), createTask(async () => {})]\nconst [kindsDone] = await wait(kinds)\n;[...kindsDone].map((task) => task.getName().length > 0)',
      '[ true, true ]',
    ],
  ],
  '%%virtual and %%timeline check their bodies': [
    ['%%virtual\nconst later: number = "a"', types('2322 2:7 later')],
    ['%%virtual\nconst later = 1\n%pwd\nlater', { result: '1' }],
    ['later.toFixed(1)', "'1.0'"],
    ['%%timeline virtual\n"".nope', types('2339 2:4 nope')],
  ],
  '%%writefile and %%bash are no TypeScript': [
    ['%%writefile out.ts\nconst n: number = "a"', { stdout: /out\.ts/ }],
    ['%%bash\nn="a" # not: number', {}],
    ['%%sh\necho const n: number = "a"', { stdout: 'const n: number = a\n' }],
  ],
  'a written module is checked when it is imported': [
    ['%%writefile made.ts\nexport const made = (n: number): string => String(n)', { stdout: /made\.ts/ }],
    ['import { made } from "./made.ts"\nmade(1)', "'1'"],
    ['made("1")', types('2345 1:6 "1"')],
  ],
  '%cd moves what relative imports mean': [
    ['%%bash\nmkdir -p inner && echo "export const here: number = 1" > inner/here.ts'],
    ['import { here } from "./here.ts"', types('2307 1:22 "./here.ts"')],
    ['%cd inner', { stdout: /^/, result: /^/ }],
    ['import { here } from "./here.ts"\nhere', '1'],
    typeOf('here', 'number'),
    ['%cd ..', { stdout: /^/, result: /^/ }],
    ['here + 1', '2'],
  ],
  'a mistyped magic is an error of its own': [
    ['%typechek off', { error: /^UsageError: There is no magic %typechek\. Did you mean %typecheck\?/ }],
  ],
  'help is no TypeScript': [['const helped = 1'], ['helped?', {}], ['%time ?', { stdout: /time CODE/ }]],
});

describeTyped(
  '%cd to where tsconfig.json is another one, or none is found,',
  {
    'leaves names what they are, and checks with the options of the place': [
      ['interface Here { a: 1 }\nlet here: Here = { a: 1 }\nconst twice = (n: number) => n * 2'],
      ['let no: Here = null', types('2322 1:5 no')],
      ['%cd loose', { stdout: /^/, result: /^/ }],
      ['here.a + twice(1)', '3'],
      ['here.b', types('2339 1:6 b')],
      ['let loose: Here = null; const untyped = (n) => n'],
      ['%cd ../.hidden', { stdout: /^/, result: /^/ }],
      ['const hidden = [here, twice(2)] as const'],
      ['let strict: Here = null', types('2322 1:5 strict')],
      ['%cd ..', { stdout: /^/, result: /^/ }],
      ['hidden[1] + untyped(1)', '5'],
      typeOf('hidden[0]', 'Here'),
      ['loose = { a: 2 }', types('2322 1:11 a')],
      ['%cd loose', { stdout: /^/, result: /^/ }],
      [
        'interface Here { c: 3 }\nconst other: Here = here',
        {
          types: ['2741 2:7 other'],
          error: /type 'In \[\d+\]\.Here' but required in type 'In \[\d+\]\.Here'/,
        },
      ],
      ['hidden.length', '2'],
    ],
  },
  { 'loose/tsconfig.json': '{ "compilerOptions": { "strict": false } }', '.hidden/empty.txt': '' },
);

describeTyped('%typecheck', {
  'off runs what is wrong, and on finds it again': [
    ['%typecheck off', says],
    ['const loose: number = "text" as any as string\nloose', "'text'"],
    ['%typecheck on', says],
    ['const strict: number = "text"', types('2322 1:7 strict')],
  ],
  'off still learns what cells declare': [
    ['%typecheck off', says],
    ['const learnt = { a: 1 }\ninterface Learnt { b: string }'],
    ['%typecheck on', says],
    typeOf('learnt', '{ a: number; }'),
    ['const l: Learnt = { b: 1 }', types('2322 1:21 b')],
  ],
  'off forgets what failed half way': [
    ['%typecheck off', says],
    ['const made = 1\nJSON.parse("{")\nconst unmade = 2', { error: /^SyntaxError/ }],
    ['%typecheck on', says],
    ['made', '1'],
    ['unmade', types('2304 1:1 unmade')],
  ],
  'warn runs the cell and prints what is wrong': [
    ['%typecheck warn', says],
    ['const warned: number = "text"\nwarned', { result: "'text'", warnings: ['2322 1:7 warned'] }],
    ['1 + 1', '2'],
    ['const fine = 1\n!echo shell\nfine.nope', { stdout: 'shell\n', warnings: ['2339 3:6 nope'] }],
    ['%typecheck on', says],
    typeOf('warned', 'number'),
    ['warned.length', types('2339 1:8 length')],
  ],
  'warn prints several in their order': [
    ['%typecheck warn', says],
    [
      'const w1: number = "1"\nconst w2: string = 2\nw2',
      { result: '2', warnings: ['2322 1:7 w1', '2322 2:7 w2'] },
    ],
    ['%typecheck on', says],
  ],
  'holds for the cell that it stands in, and from then on': [
    ['%typecheck off\nconst same: number = "a" as any as string\nsame', { ...says, result: "'a'" }],
    ['const next: number = "a"\nnext', "'a'"],
    ['%typecheck on\nconst later: number = "a"', types('2322 2:7 later')],
    ['%typecheck on', says],
  ],
  'says what holds': [
    ['%typecheck', { stdout: /\bon\b/ }],
    ['%typecheck warn', says],
    ['%typecheck', { stdout: /\bwarn\b/ }],
    ['%typecheck on', says],
  ],
  'refuses what is no mode': [
    ['%typecheck loud', { error: /^UsageError: .*(on.*warn.*off)/ }],
    ['const after: number = "a"', types('2322 1:7 after')],
  ],
});

describeTyped('%%typecheck', {
  'off holds for one cell': [
    ['%%typecheck off\nconst once: number = "a"\nonce', "'a'"],
    ['const twice: number = "a"', types('2322 1:7 twice')],
    typeOf('once', 'number'),
  ],
  'warn holds for one cell, with the places of the cell': [
    ['%%typecheck warn\nconst soft: number = "a"\nsoft', { result: "'a'", warnings: ['2322 2:7 soft'] }],
    ['const hard: number = "a"', types('2322 1:7 hard')],
  ],
  'on checks one cell of an unchecked session': [
    ['%typecheck off', says],
    ['%%typecheck on\nconst one: number = "a"', types('2322 2:7 one')],
    ['const two: number = "a" as any as string\ntwo', "'a'"],
    ['%typecheck on', says],
  ],
  'leaves the names of its cell to later cells': [
    ['%%typecheck off\nconst { a, b } = { a: 1, b: "b" }\nfunction named(n: number) { return n }'],
    ['named(a) + b', "'1b'"],
    ['named(b)', types('2345 1:7 b')],
  ],
  'stands above other magics': [
    ['%%typecheck off\n%%time\nconst both: number = "a"', { stdout: /Wall time/ }],
    ['both', "'a'"],
    ['%%typecheck on\n%%bash\necho hi', { stdout: 'hi\n' }],
    [
      '%%typecheck warn\n!echo one\nconst shell: number = "a"',
      { stdout: 'one\n', warnings: ['2322 3:7 shell'] },
    ],
  ],
  'refuses what is no mode': [['%%typecheck sideways\n1', { error: /^UsageError/ }]],
});

describeCells(
  'TSLOOP_TYPECHECK=off',
  {
    'runs what is wrong': [['const n: number = "a"\nn', "'a'"]],
    'is changed by %typecheck': [
      ['%typecheck on', says],
      ['const m: number = "a"', types('2322 1:7 m')],
      typeOf('n', 'number'),
    ],
  },
  {},
  { TSLOOP_TYPECHECK: 'off' },
);

describeCells(
  'TSLOOP_TYPECHECK=warn',
  {
    warns: [['const n: number = "a"\nn', { result: "'a'", warnings: ['2322 1:7 n'] }]],
    'does not keep an error at run time from being told': [
      ['null.nope', { error: /^TypeError/, warnings: ['18050 1:1 null'] }],
    ],
  },
  {},
  { TSLOOP_TYPECHECK: 'warn' },
);

describeTyped(
  'a tsconfig.json',
  {
    'sets how strict the check is': [
      ['const loose = (x) => x\nloose(1)', '1'],
      ['const n: number = null\nn', 'null'],
      ['[1][3].toFixed', { error: /^TypeError/ }],
      ['const wrong: number = "a"', types('2322 1:7 wrong')],
    ],
    'sets the library': [['const title = (d: Document) => d.title\ntypeof title', "'function'"]],
    'sets paths': [
      ['import type { Conf } from "@lib/conf"\nconst conf: Conf = { port: "80" }', types('2322 2:22 port')],
    ],
    'does not make names that are unused an error': [['const unused = 1; import fs from "node:fs"']],
  },
  {
    'tsconfig.json': JSON.stringify({
      compilerOptions: {
        strict: false,
        lib: ['esnext', 'dom'],
        noUnusedLocals: true,
        paths: { '@lib/*': ['./lib/*'] },
      },
    }),
    'lib/conf.ts': 'export interface Conf { port: number }\n',
  },
);
