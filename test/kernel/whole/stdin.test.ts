/** Cells that ask the user. */
import assert from 'node:assert/strict';
import { type KernelClient, shownBy, TestKernel } from '../../support/kernel-client.ts';

const READLINE =
  "import * as readline from 'node:readline'\nimport * as promises from 'node:readline/promises'\n";
const OPEN = '{ input: process.stdin, output: process.stdout }';

/** A cell, what the user answers, and what comes of it. */
const questions: Readonly<
  Record<
    string,
    { code: string; answers: readonly string[]; asks: readonly string[]; result?: string; stdout?: string }
  >
> = {
  'prompt() blocks until the line is there': {
    code: 'const name1 = prompt("Name?"); console.log("hello", name1); name1',
    answers: ['Ada 😀'],
    asks: ['Name? '],
    result: "'Ada 😀'",
    stdout: 'hello Ada 😀\n',
  },
  'prompt() has a fallback for an empty line': {
    code: '[prompt("Port", 8080), prompt("Port", 8080)]',
    answers: ['', '1'],
    asks: ['Port [8080] ', 'Port [8080] '],
    result: "[ '8080', '1' ]",
  },
  'confirm() takes yes for true': {
    code: '[confirm("Sure?"), confirm("Sure?"), confirm("Sure?")]',
    answers: ['y', 'Yes', 'nope'],
    asks: ['Sure? [y/N] ', 'Sure? [y/N] ', 'Sure? [y/N] '],
    result: '[ true, true, false ]',
  },
  'input() lets timers go on': {
    code: 'let ticks = 0; const timer = setInterval(() => { ticks++; if (ticks === 3) input("second").then((line) => { late = line }) }, 1); let late = ""; const line = await input("first"); while (late === "") await new Promise((r) => setTimeout(r, 1)); clearInterval(timer); [line, late, ticks >= 3]',
    answers: ['a', 'b'],
    asks: ['first ', 'second '],
    result: "[ 'a', 'b', true ]",
  },
  'a timer asks while its cell waits': {
    code: 'await new Promise((resolve) => setTimeout(() => resolve(prompt("later")), 1))',
    answers: ['now'],
    asks: ['later '],
    result: "'now'",
  },
  'readline asks by callbacks, and its cell ends with it': {
    code: `${READLINE}const rl1 = readline.createInterface(${OPEN}); rl1.question("How? ", (a) => rl1.question("Why? ", (b) => { console.log(a + b); rl1.close() }))`,
    answers: ['so', 'thus'],
    asks: ['', ''],
    stdout: 'How? Why? sothus\n',
  },
  'readline asks by promises': {
    code: `${READLINE}const rl2 = promises.createInterface(${OPEN}); const said = [await rl2.question("1? "), await rl2.question("2? ")]; rl2.close(); said`,
    answers: ['x', 'y'],
    asks: ['', ''],
    result: "[ 'x', 'y' ]",
    stdout: '1? 2? ',
  },
  'readline reads lines until it has enough': {
    code: `${READLINE}const sum: number[] = []; for await (const line of readline.createInterface({ input: process.stdin })) { if (line === "end") break; sum.push(Number(line)) }; sum`,
    answers: ['1', '2', 'end'],
    asks: ['', '', ''],
    result: '[ 1, 2 ]',
  },
  'process.stdin gives lines as bytes': {
    code: 'const chunk = await new Promise<string | Buffer>((resolve) => process.stdin.once("data", (data) => { process.stdin.pause(); resolve(data) })); Buffer.isBuffer(chunk) && String(chunk)',
    answers: ['é'],
    asks: [''],
    result: "'é\\n'",
  },
};

describe('asking the user', () => {
  let kernel: TestKernel;
  let client: KernelClient;
  before(async () => {
    kernel = await TestKernel.start();
    client = await kernel.connect('asked-one');
  });
  after(() => kernel.stop());

  for (const [claim, { code, answers, asks, result, stdout }] of Object.entries(questions)) {
    it(claim, async () => {
      const exchange = await client.runAnswering(code, answers);
      const shown = shownBy(exchange.published);
      assert.deepEqual(shown.errors, []);
      assert.deepEqual(
        exchange.questions.map(({ prompt, password }) => [prompt, password]),
        asks.map((prompt) => [prompt, false]),
      );
      assert.deepEqual([shown.result, shown.stdout, shown.stderr], [result, stdout ?? '', '']);
    });
  }

  it('password() is marked as such, and is in nothing that is kept or shown', async () => {
    const { questions: asked, published } = await client.runAnswering(
      'const length = password("Key:").length; length',
      ['open sesame'],
    );
    assert.deepEqual(asked, [{ prompt: 'Key: ', password: true }]);
    assert.equal(shownBy(published).result, '11');
    const history = await client.request('shell', 'history_request', {
      hist_access_type: 'tail',
      n: 100,
      output: true,
      raw: true,
    });
    assert.ok(!JSON.stringify([published, history.reply]).includes('sesame'));
  });

  it('an interface of an earlier cell asks in later ones', async () => {
    const open = await client.runAnswering(`${READLINE}const rl3 = promises.createInterface(${OPEN})`, []);
    assert.deepEqual(open.reply['status'], 'ok');
    const { published } = await client.runAnswering(
      'const answer3 = await rl3.question("Again? "); answer3',
      ['yes'],
    );
    assert.equal(shownBy(published).result, "'yes'");
    assert.equal((await client.runAnswering('rl3.close()', [])).reply['status'], 'ok');
  });

  it('the heart beats while a question blocks the thread, and what was printed is there', async () => {
    const id = client.submit('console.log("before"); prompt("well?")', { allow_stdin: true });
    const question = await client.asked(id);
    await client.printed(id, 'before\n');
    assert.equal(await client.beat('ping'), 'ping');
    client.reply('', question);
    assert.equal((await client.answer(id)).reply['status'], 'ok');
  });

  it('an answer to an earlier question, one too many, or from somebody else, is for nobody', async () => {
    const first = client.submit('prompt("1")', { allow_stdin: true });
    const question = await client.asked(first);
    client.reply('one', question);
    client.reply('late', question);
    client.reply('unasked');
    await client.answer(first);
    const stranger = await kernel.connect('stranger');
    const second = client.submit('prompt("2")', { allow_stdin: true });
    const next = await client.asked(second);
    stranger.reply('mine', next);
    client.reply('old', question);
    // Behind it on the same socket: by its answer the old one has been looked at.
    client.reply('two', next);
    assert.equal(shownBy((await client.answer(second)).published).result, "'two'");
  });

  for (const [what, code] of Object.entries({
    'prompt()': 'try { prompt("?") } finally { console.log("finally") }',
    'prompt() in a loop that catches': 'for (;;) { try { prompt("?") } catch {} }',
    'prompt() in a callback': 'await new Promise((resolve) => setTimeout(() => resolve(prompt("?")), 1))',
    'input()': 'try { await input("?") } finally { console.log("finally") }',
    'a question of readline': `${READLINE}await promises.createInterface(${OPEN}).question("? ")`,
    'readline with a callback': `${READLINE}readline.createInterface(${OPEN}).question("? ", () => {})`,
  })) {
    it(`an interrupt ends ${what}, and leaves the state`, async () => {
      await client.run('var kept = 41');
      const id = client.submit(code, { allow_stdin: true });
      const question = await client.asked(id);
      await client.request('control', 'interrupt_request');
      const { published } = await client.answer(id);
      assert.deepEqual(shownBy(published).errors, ['KeyboardInterrupt: The cell was interrupted']);
      assert.equal(shownBy(published).stdout.includes('finally'), code.includes('finally'));
      client.reply('too late', question);
      const { published: next } = await client.runAnswering('[kept + 1, prompt("and?")]', ['fresh']);
      assert.equal(shownBy(next).result, "[ 42, 'fresh' ]");
    });
  }

  for (const [what, code] of Object.entries({
    'prompt()': 'prompt("?")',
    'input()': 'await input("?")',
    readline: `${READLINE}await promises.createInterface(${OPEN}).question("? ")`,
  })) {
    it(`where nobody can answer, ${what} says so`, async () => {
      const { published } = await client.run(code);
      assert.match(shownBy(published).errors.join('\n'), /^StdinNotImplementedError: .*allow_stdin/);
    });
  }

  it('a question that comes when its cell has ended says so', async () => {
    const { id } = await client.run('setTimeout(() => prompt("?"), 1); 0', { allow_stdin: true });
    await client.wait('the error', ({ type, parent }) => type === 'error' && parent === id);
    assert.match(shownBy(client.published(id)).errors.join('\n'), /^StdinNotImplementedError: .*had ended/);
  });
});
