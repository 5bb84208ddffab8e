/** What cells print: complete, in order, under the right cell, and before idle. */
import assert from 'node:assert/strict';
import { shownBy, TestKernel } from '../../support/kernel-client.ts';
import { describeCells } from './cells.ts';

describeCells('printing', {
  'goes to stdout and stderr': [
    [
      'console.log("out"); console.error("err"); console.info("info"); console.warn("warn")',
      { stdout: 'out\ninfo\n', stderr: 'err\nwarn\n' },
    ],
  ],
  'shows values as console does': [
    [
      'console.log("%s is %d", "a", 1, { b: [2n] }, undefined)',
      { stdout: 'a is 1 { b: [ 2n ] } undefined\n' },
    ],
  ],
  'keeps tables, groups, counts and assertions': [
    [
      'console.group("g"); console.log("in"); console.groupEnd(); console.count(); console.assert(false, "no")',
      { stdout: 'g\n  in\ndefault: 1\n', stderr: 'Assertion failed: no\n' },
    ],
    ['console.table([{ a: 1 }])', { stdout: /│ 0 {7}│ 1 │/ }],
  ],
  'writes without a line end': [
    ['process.stdout.write("a"); process.stdout.write("b")', { stdout: 'ab', result: 'true' }],
  ],
  'takes bytes': [
    [
      'process.stdout.write(Buffer.from("bytes\\n")); process.stderr.write(new Uint8Array([104, 105])); 0',
      { stdout: 'bytes\n', stderr: 'hi', result: '0' },
    ],
  ],
  'takes encodings': [
    [
      'process.stdout.write("6869", "hex"); process.stdout.write("Z2k=", "base64"); 0',
      { stdout: 'higi', result: '0' },
    ],
  ],
  'joins characters that were split over two writes': [
    [
      'const bytes = Buffer.from("é😀"); for (const byte of bytes) process.stdout.write(Buffer.from([byte])); 0',
      { stdout: 'é😀', result: '0' },
    ],
    [
      'for (let i = 0; i < bytes.length; i++) { process.stdout.write(bytes.subarray(i, i + 1)); await new Promise((r) => setTimeout(r, 2)) }',
      { stdout: 'é😀' },
    ],
  ],
  'calls back when it is written': [
    [
      'await new Promise((resolve) => process.stdout.write("a", resolve)); await new Promise((resolve) => process.stdout.write("b", "utf8", resolve)); "called"',
      { stdout: 'ab', result: "'called'" },
    ],
  ],
  'refuses what is no text': [['process.stdout.write(5 as any)', { error: /^TypeError: .*string/ }]],
  'of an empty text shows nothing': [['process.stdout.write("")', 'true']],
  'of half a surrogate pair does no harm': [
    ['console.log("\\ud83d"); console.log("ok")', { stdout: /\nok\n$/ }],
  ],
  'of a NUL and of control characters survives': [
    ['process.stdout.write("a\\0b\\x1b[31mred\\r\\n"); 0', { stdout: 'a\0b\x1b[31mred\r\n', result: '0' }],
  ],
  'of a stream that is piped arrives': [
    [
      'import { Readable } from "node:stream"\nawait new Promise((resolve) => Readable.from(["x", "y\\n"]).on("end", resolve).pipe(process.stdout, { end: false }))',
      { stdout: 'xy\n' },
    ],
  ],
  'survives fake timers': [
    [
      'const realTimeout = globalThis.setTimeout; (globalThis as any).setTimeout = () => { throw new Error("fake") }\nconsole.log("printed")',
      { stdout: 'printed\n' },
    ],
    ['globalThis.setTimeout = realTimeout; 0', '0'],
  ],
  'of 200 MB at once is cut off, and the session lives; so is an error': [
    [
      '%config output.limit = 1MB\nconst huge = "x".repeat(200_000_000)\nprocess.stdout.write(huge + "\\n"); process.stdout.write(Buffer.alloc(200_000_000, "y")); 0',
      {
        stdout:
          /^output\.limit = 1 MB.*\nx{1048576}\n… 198,951,425 more characters .*\ny{1048576}\n… 198,951,424 more .*\n$/,
        result: '0',
      },
    ],
    ['throw new Error(huge.slice(0, 2_000_000))', { error: /^Error: x{1048576}\n… 951,424 more / }],
    ['%config output.limit = 16MB\nhuge.length', { stdout: /16 MB/, result: '200000000' }],
  ],
  'has streams with what programs expect of terminals, which they are not': [
    [
      `const { stdout } = process; [stdout.isTTY, stdout.columns, stdout.rows, stdout.fd, process.stderr.fd, stdout.getColorDepth(), stdout.hasColors(), stdout.getWindowSize(), stdout.writable, process.stdin.isTTY]`,
      { result: /^\[\s+false,\s+80,\s+24,\s+1,\s+2,\s+1,\s+false,\s+\[ 80, 24 \],\s+true,\s+false\s+\]$/ },
    ],
    [
      'process.stdout.write("10%"); process.stdout.cursorTo(0); process.stdout.clearLine(0); process.stdout.moveCursor(1, 1); process.stdout.clearScreenDown(); await new Promise<void>((resolve) => process.stdout.cursorTo(0, 0, resolve)); process.stdout.end("20%"); console.log("!")',
      { stdout: '10%\r\r\r20%!\n' },
    ],
    [
      'import { pipeline } from "node:stream/promises"\nimport { Readable as Source } from "node:stream"\nawait pipeline(Source.from(["a", "b"]), process.stdout); console.log("c")',
      { stdout: 'abc\n' },
    ],
  ],
  'of a million characters at once arrives whole': [
    ['process.stdout.write("x".repeat(1_000_000) + "end"); 0', { stdout: /^x{1000000}end$/, result: '0' }],
  ],
});

describe('the output of a cell', () => {
  let kernel: TestKernel;
  before(async () => {
    kernel = await TestKernel.start();
  });
  after(() => kernel.stop());

  it('comes in the order in which it was made: both streams, displays, the result, idle', async () => {
    const { published } = await kernel.client.run(
      'console.log(1); console.error(2); display(3); console.log(4); clearOutput(); console.log(5); 6',
    );
    const said = published.map(({ type, content }) => {
      if (type === 'stream') return `${String(content['name'])} ${String(content['text']).trim()}`;
      return type === 'status' ? content['execution_state'] : type;
    });
    assert.deepEqual(said, [
      'busy',
      'execute_input',
      'stdout 1',
      'stderr 2',
      'display_data',
      'stdout 4',
      'clear_output',
      'stdout 5',
      'execute_result',
      'idle',
    ]);
  });

  it('of a million lines is complete, in order, and there before idle', async function () {
    this.timeout(300_000);
    const id = kernel.client.submit('for (let i = 0; i < 1_000_000; i++) console.log(i)');
    const { published } = await kernel.client.answer(id, 280_000);
    const expected = Array.from({ length: 1_000_000 }, (_, i) => `${i}\n`).join('');
    assert.ok(shownBy(published).stdout === expected, 'lines are missing, or not in order');
  });

  it('calls back as often as asked, in order, whatever one of the callbacks throws', async () => {
    const { client } = kernel;
    const { id } = await client.run(`const called: string[] = []; let times = 0
const again = () => { times += 1; if (times === 3) throw new Error("of a callback") }
for (let i = 0; i < 5; i++) process.stdout.write(".", again)
for (const name of ["a", "b", "c"]) process.stdout.write(".", () => called.push(name))
process.stdout.write(".", again)`);
    await client.wait('the error', ({ type, parent }) => type === 'error' && parent === id);
    const { published } = await client.run(
      'await new Promise((resolve) => setTimeout(resolve, 1)); [times, called.join("")]',
    );
    assert.equal(shownBy(published).result, "[ 6, 'abc' ]");
  });

  it('of a loop that never yields takes no memory, however much it prints', async function () {
    if (process.platform !== 'linux') return;
    this.timeout(300_000);
    const { client } = kernel;
    const heap = async (code: string): Promise<number> =>
      Number(
        shownBy((await client.run(`${code}; process.memoryUsage().heapUsed / 2 ** 20`)).published).result,
      );
    const before = await heap('0');
    // One tick for each line would take more than 200 bytes.
    const during = await heap('for (let i = 0; i < 1_000_000; i++) console.log(i)');
    assert.ok(during - before < 100, `${before} MB before, ${during} MB at the end`);
  });

  it('that comes after an error is not lost, nor is that before it', async () => {
    const { id, published } = await kernel.client.run(
      'console.log("before"); setTimeout(() => console.log("after"), 1); throw new Error("x")',
    );
    assert.match(shownBy(published).stdout, /^before\n/);
    await kernel.client.printed(id, 'after\n');
  });

  it('flows while the cell still runs', async () => {
    const id = kernel.client.submit('console.log("first"); console.error("second"); for (;;);');
    await kernel.client.printed(id, 'first\n');
    await kernel.client.printed(id, 'second\n');
    await kernel.client.request('control', 'interrupt_request');
    const { published } = await kernel.client.answer(id);
    assert.deepEqual([shownBy(published).stdout, shownBy(published).stderr], ['first\n', 'second\n']);
  });

  it('flows while the cell prints without yielding', async () => {
    const id = kernel.client.submit('for (let i = 0; ; i++) if (i % 100_000 === 0) console.log("line", i)');
    await kernel.client.printed(id, 'line 300000\n');
    await kernel.client.request('control', 'interrupt_request');
    assert.deepEqual(shownBy((await kernel.client.answer(id)).published).errors, [
      'KeyboardInterrupt: The cell was interrupted',
    ]);
  });

  it('belongs to the cell that scheduled it: timers, promises, loop callbacks, events and commands', async () => {
    const gate = 'let open!: () => void; const gate = new Promise<void>((resolve) => { open = resolve })';
    await kernel.client.run(
      `import { getEventLoop } from 'tsloop'\nimport { EventEmitter } from 'node:events'\n${gate}`,
    );
    const codes = {
      timer: 'void gate.then(() => setTimeout(() => console.log("timer"), 1)); 0',
      promise: 'void gate.then(() => console.log("promise")); 0',
      interval:
        'void gate.then(() => { const t = setInterval(() => { console.log("interval"); clearInterval(t) }, 1) }); 0',
      loop: 'void gate.then(() => getEventLoop().callLater(0.001, () => console.log("loop"))); 0',
      command: 'void gate.then(() => $`echo`).then(() => console.log("command")); 0',
      display: 'void gate.then(() => display("display")); 0',
    };
    const ids: Record<string, string> = {};
    for (const [name, code] of Object.entries(codes)) ids[name] = (await kernel.client.run(code)).id;
    const opener = await kernel.client.run('open(); console.log("opener")');
    for (const [name, id] of Object.entries(ids)) {
      if (name === 'display')
        await kernel.client.wait(name, ({ type, parent }) => type === 'display_data' && parent === id);
      else await kernel.client.printed(id, `${name}\n`);
    }
    assert.equal(shownBy(kernel.client.published(opener.id)).stdout, 'opener\n');
  });

  it('of a callback between two cells is published while no cell runs', async () => {
    const { id } = await kernel.client.run('setTimeout(() => console.log("between"), 20); 0');
    await kernel.client.printed(id, 'between\n');
    const kinds = kernel.client.published(id).map(({ type, content }) => content['execution_state'] ?? type);
    assert.ok(kinds.indexOf('stream') > kinds.indexOf('idle'));
  });

  it('can be cleared, and displays updated, by callbacks of cells that have ended', async () => {
    const { id } = await kernel.client.run(
      'display("old", { displayId: "late" }); setTimeout(() => { clearOutput({ wait: true }); display("new", { displayId: "late", update: true }); console.log("late") }, 20); 0',
    );
    await kernel.client.printed(id, 'late\n');
    const said = kernel.client.published(id).map(({ type, content }) => content['execution_state'] ?? type);
    assert.deepEqual(said.slice(said.indexOf('idle')), [
      'idle',
      'clear_output',
      'update_display_data',
      'stream',
    ]);
  });

  it('that is displayed has transient data that are an object, always', async () => {
    const { published } = await kernel.client.run(
      'display(1); display("<b>x</b>", { displayId: "d" }); display({ "text/html": "<i/>", "text/plain": "i" }, { raw: true }); display(2, { displayId: "d", update: true })',
    );
    const displayed = published.filter(({ type }) => type.endsWith('display_data'));
    assert.deepEqual(
      displayed.map(({ type, content }) => [type, content['metadata']]),
      [
        ['display_data', {}],
        ['display_data', {}],
        ['display_data', {}],
        ['update_display_data', {}],
      ],
    );
    const ids = displayed.map(({ content }) => (content['transient'] as { display_id: string }).display_id);
    assert.deepEqual(
      ids.map((id) => (/^[\da-f-]{36}-\d+$/.test(id) ? 'its own' : id)),
      ['its own', 'd', 'its own', 'd'],
    );
    assert.deepEqual(displayed[2]?.content['data'], { 'text/html': '<i/>', 'text/plain': 'i' });
  });

  it('of a silent cell is published, but neither its input nor its result', async () => {
    const { published, reply } = await kernel.client.run('console.log("heard"); 5', { silent: true });
    assert.deepEqual(
      published.map(({ type }) => type),
      ['status', 'stream', 'status'],
    );
    assert.equal(reply['status'], 'ok');
  });
});
