/** Shell lines and magics, in whole cells. */
import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { TestKernel } from '../../support/kernel-client.ts';
import { describeCells, makeFolder } from './cells.ts';

describeCells(
  'a shell line',
  {
    'prints what the command prints': [['!echo out; echo err >&2', { stdout: 'out\n', stderr: 'err\n' }]],
    'leaves the exit code, which is no error': [
      ['!exit 3'],
      ['_exit_code', '3'],
      ['!true'],
      ['_exit_code', '0'],
    ],
    'takes values of the session': [
      ['const name = "world", list = ["a", "b"]'],
      ['!echo hello {name} {list} {name.length + 1}', { stdout: 'hello world a b 6\n' }],
    ],
    'leaves braces and dollars of the shell alone': [
      ['!X=5; echo ${X} {a,b} {{1}}', { stdout: /^5 .*\{1\}\n$/ }],
    ],
    'may stand between statements, in their order': [
      [
        'console.log("one")\n!echo two\nconst three = "three"\nconsole.log(three)\n!echo four',
        { stdout: 'one\ntwo\nthree\nfour\n' },
      ],
      ['three', "'three'"],
    ],
    'may be the first line before a result': [['!echo shell\n1 + 1', { stdout: 'shell\n', result: '2' }]],
    'goes on over several lines with a backslash': [
      ['!echo a \\\n  b \\\n  c\n1', { stdout: 'a b c\n', result: '1' }],
    ],
    'is no shell line inside a template, a comment or a block': [
      ['const text = `\n!echo no\n`\ntext', "'\\n!echo no\\n'"],
      ['/*\n!echo no\n*/\n1', '1'],
      ['const no = true\nif (no)\n!no\nelse {\n!no }', {}],
    ],
    'as a logical not is written in parentheses': [
      ['const off = false\n!(no-such-program)', { stderr: /not found/ }],
      ['(!off)', 'true'],
    ],
    'gives the command an empty stdin': [['!cat; echo end', { stdout: 'end\n' }]],
    'streams what the command prints': [['!for i in 1 2 3; do echo $i; done', { stdout: '1\n2\n3\n' }]],
    'says when a command does not exist': [
      ['!no-such-command-at-all', { stderr: /not found/ }],
      ['_exit_code', '127'],
    ],
    'with an error in an expression fails as TypeScript does': [
      ['!echo {nowhere}', { error: 'ReferenceError: nowhere is not defined' }],
    ],
    'runs in the working directory and sees the environment': [
      ['%env TSLOOP_TEST_X=from-magic', { stdout: /./ }],
      ['!echo $TSLOOP_TEST_X; ls', { stdout: 'from-magic\nscript.ts\nsub\n' }],
      ['process.env["TSLOOP_TEST_X"]', "'from-magic'"],
    ],
  },
  { 'script.ts': 'console.log(1)\n', 'sub/inner.ts': '' },
);

describeCells('$ in an expression', {
  'gives what the command printed': [['const { stdout } = await $`echo ${"a b"}`\nstdout', "'a b'"]],
  'throws for a command that fails': [
    ['await $`false`', { error: /^ExecaError: Command failed with exit code 1/ }],
  ],
  'prints nothing by itself': [['await $`echo quiet`; 0', '0']],
});

describeCells(
  'a magic',
  {
    '%%bash runs the rest of the cell': [
      ['%%bash\nx=1\necho "x is $x"\necho "!no magic"', { stdout: 'x is 1\n!no magic\n' }],
    ],
    '%%bash that fails is an error of the cell': [
      ['%%bash\nexit 4', { error: 'ExitCodeError: The bash script ended with exit code 4.' }],
    ],
    'that does not exist names the nearest one': [
      ['%laod x', { error: /^UsageError: There is no magic %laod\. Did you mean %load\?/ }],
      ['%%bahs\nx', { error: /%%bahs\. Did you mean %%bash\?/ }],
    ],
    'inside of a cell stops the cell when it fails': [
      [
        'console.log("before")\n%nonsense\nconsole.log("after")',
        { stdout: 'before\n', error: /^UsageError: There is no magic %nonsense/ },
      ],
    ],
    '%time keeps what it declares, and gives its value': [
      ['%time const timed = 1 + 1', { stdout: /^CPU times: .*\nWall time: .*\n$/ }],
      ['timed', '2'],
      ['%time timed * 2', { stdout: /Wall time/, result: '4' }],
    ],
    '%%time keeps what the cell declares': [
      ['%%time\nconst a1 = 1\nfunction f1() { return 2 }\na1 + f1()', { stdout: /Wall time/, result: '3' }],
      ['f1() + a1', '3'],
    ],
    '%%time shows errors with the lines of the cell': [
      [
        '%%time\nconst a2 = 1\nnull!.x',
        { error: /^TypeError/, traceback: /^In \[1\]:3:7\n {4}null!\.x/, stdout: /Wall time/ },
      ],
    ],
    '%%time shows syntax errors with the lines of the cell': [
      [
        '%%time\nconst a3 = 1\na3 +* 2',
        { error: /^SyntaxError/, traceback: /^In \[1\]:3:5\n {4}a3 \+\* 2\n {8}\^\n/, stdout: /Wall time/ },
      ],
    ],
    '%%time runs ! and % lines, and says that a second %% line is one too many': [
      ['%%time\nconst said = "hi"\n!echo {said}\n%who string', { stdout: /^hi\n[^]*said\n[^]*Wall time/ }],
      ['%%time\n%%bash\nls', { error: /^UsageError: %%bash takes the rest/, stdout: /Wall time/ }],
    ],
    'a % line in a block says where it belongs': [
      [
        'for (const i of [1]) {\n  %loop\n}',
        {
          error: /^SyntaxError/,
          traceback: /\n {4}A line with % is a magic at the top level of a cell only\.\n/,
        },
      ],
    ],
    '%cd moves imports and commands': [
      ['%cd sub', { stdout: /sub\n$/ }],
      ['import { inner } from "./inner.ts"\ninner', "'inner'"],
      ['!basename "$PWD"', { stdout: 'sub\n' }],
      ['%cd -', { stdout: /./ }],
    ],
    '%who names what cells declared': [
      ['const mine = 1; function yours() {}\n%who', { stdout: /mine[^]*yours/ }],
    ],
    '%lsmagic lists them': [['%lsmagic', { stdout: /%load[^]*%%bash|%%bash[^]*%load/ }]],
    '%pwd tells where': [['%pwd', { result: /tsloop-cells-/ }]],
    '%%writefile writes what %load and import read': [
      ['%%writefile made.ts\nexport const made = 5', { stdout: /made\.ts/ }],
      ['import { made } from "./made.ts"\nmade', '5'],
    ],
    '%load of a file that is not there names a near one': [
      [
        '%load scirpt.ts',
        { error: /^UsageError: There is no file .*scirpt\.ts\. Did you mean script\.ts\?/ },
      ],
    ],
    'a remainder is no magic': [
      ['const big = 7\n%2\nbig', '1'],
      ['const r = 7\n  % 4\nr', '3'],
    ],
  },
  { 'script.ts': 'console.log("loaded")\n', 'sub/inner.ts': 'export const inner = "inner"\n' },
);

describe('what a magic asks of the client', () => {
  let kernel: TestKernel;
  let folder: string;
  before(async () => {
    folder = await makeFolder({ 'a script.ts': 'one()\ntwo()\nthree()\n' });
    kernel = await TestKernel.start({ cwd: folder });
  });
  after(async () => {
    await kernel.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('%load asks to replace the cell by the file, and runs nothing', async () => {
    const { reply, published } = await kernel.client.run('%load a script.ts');
    assert.deepEqual(reply['payload'], [
      { source: 'set_next_input', text: '// %load a script.ts\none()\ntwo()\nthree()\n', replace: true },
    ]);
    assert.deepEqual(
      published.map(({ type }) => type),
      ['status', 'execute_input', 'status'],
    );
  });

  it('%load -r asks for some lines', async () => {
    const { reply } = await kernel.client.run('%load -r 2-3 a script.ts');
    assert.deepEqual(reply['payload'], [
      { source: 'set_next_input', text: '// %load -r 2-3 a script.ts\ntwo()\nthree()\n', replace: true },
    ]);
  });

  it('name? asks to page what the name is', async () => {
    await kernel.client.run('function explained(a: number) { return a }');
    const { reply, published } = await kernel.client.run('explained?');
    const [page] = reply['payload'] as Array<{ source: string; data: Record<string, string> }>;
    assert.equal(page?.source, 'page');
    assert.match(page?.data['text/plain'] ?? '', /function explained\(a: number\): number/);
    assert.deepEqual(
      published.map(({ type }) => type),
      ['status', 'execute_input', 'status'],
    );
  });
});
