/** The life of the language server's process: with TypeScript's own program, and with some that misbehave. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { dist } from '../../../kernel/home.ts';
import { ServerUnavailable } from '../../../kernel/typescript/server.ts';
import { isAlive, ServerUnderTest } from './server-under-test.ts';

describe('the language server', () => {
  let root: string;
  let server: ServerUnderTest;
  let uri: string;

  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), 'tsloop-server-'));
    writeFileSync(path.join(root, 'tsconfig.json'), '{"compilerOptions": {"strict": true, "types": []}}');
    uri = pathToFileURL(path.join(root, 'cell-1.ts')).href;
  });

  afterEach(async () => {
    await server.dispose();
    rmSync(root, { recursive: true });
  });

  const MISMATCH = "2322: Type 'number' is not assignable to type 'string'.";

  describe('of TypeScript', () => {
    beforeEach(() => {
      server = new ServerUnderTest({ root });
      server.start();
    });

    it('finds the errors of a document that is on no disk', async () => {
      assert.deepEqual(await server.check(uri, 'const text: string = 1;'), [MISMATCH]);
      assert.ok(server.available);
    });

    it('takes documents that are opened before it is there', async () => {
      server.open(uri, 'typescript', 'const text: string = 1;');
      server.change(uri, 'const text: string = "";');
      assert.ok(!server.available);
      await server.ready();
      assert.deepEqual(await server.errors(uri), []);
    });

    it('follows changes, also of a document that is opened again', async () => {
      assert.deepEqual(await server.check(uri, 'const text: string = 1;'), [MISMATCH]);
      assert.deepEqual(await server.check(uri, 'const text: string = "";'), []);
      server.change(uri, 'const text: string = 2;');
      assert.deepEqual(await server.errors(uri), [MISMATCH]);
    });

    it('refuses to change a document that is not open', () => {
      assert.throws(() => server.change(uri, ''), /is not open/);
    });

    it('passes on what the server says of a request that fails, and goes on', async () => {
      await assert.rejects(server.request('textDocument/nonsense', {}), { name: 'ResponseError' });
      assert.deepEqual(await server.check(uri, 'const text: string = 1;'), [MISMATCH]);
      assert.deepEqual(server.notices, []);
    });

    it('is replaced when it is killed, knows its documents again, and says so once', async () => {
      server.open(uri, 'typescript', 'export const text = 1;');
      const other = uri.replace('cell-1', 'cell-2');
      const code = 'import { text } from "./cell-1"; const copy: string = text;';
      assert.deepEqual(await server.check(other, code), [MISMATCH]);

      const up = server.next('up');
      const { pid } = server;
      process.kill(pid ?? 0, 'SIGKILL');
      await up;
      assert.notEqual(server.pid, pid);
      assert.deepEqual(await server.errors(other), [MISMATCH]);
      assert.equal(server.notices.length, 1);
      assert.match(
        server.notices[0] ?? '',
        /^The TypeScript service was lost because .*; cells run unchecked/,
      );
    });

    it('is replaced in no time by one that knows many documents', async () => {
      const name = (n: number): string => uri.replace('cell-1', `cell-${n}`);
      // Opened before there is a server: opening a thousand in a running one takes a minute.
      await server.dispose();
      server = new ServerUnderTest({ root });
      for (let n = 1; n <= 1000; n++) {
        const before = n > 1 ? `import { v${n - 1} } from './cell-${n - 1}';` : 'const v0 = 1;';
        server.open(name(n), 'typescript', `${before} export const v${n}: number = v${n - 1};`);
      }
      server.start();
      const last = name(1001);
      const code = 'import { v1000 } from "./cell-1000"; const text: string = v1000;';
      assert.deepEqual(await server.check(last, code), [MISMATCH]);
      process.kill(server.pid ?? 0, 'SIGKILL');
      await server.next('up');
      assert.deepEqual(await server.errors(last), [MISMATCH]);
      // Old ones are asked about and changed as before.
      assert.deepEqual(await server.errors(name(1)), []);
      server.change(name(1), 'export const v1 = "text";');
      assert.equal((await server.errors(name(2))).length, 1);
    });

    it('knows a document that was parked as before', async () => {
      const other = uri.replace('cell-1', 'cell-2');
      const code = 'import { value } from "./cell-1"; const text: string = value;';
      server.open(uri, 'typescript', 'export const value = 1;');
      assert.deepEqual(await server.check(other, code), [MISMATCH]);
      server.park(uri);
      server.park(other);
      const third = uri.replace('cell-1', 'cell-3');
      assert.deepEqual(await server.check(third, code), [MISMATCH]);
      assert.deepEqual(await server.errors(other), [MISMATCH]);
      server.change(uri, 'export const value = "text";');
      assert.deepEqual(await server.errors(third), []);
      server.park(uri);
      assert.deepEqual(await server.check(third, `${code};`), []);
      server.close(uri);
      assert.match((await server.errors(third)).join(), /^2307: Cannot find module/);
      assert.ok(!existsSync(fileURLToPath(uri)));
    });

    it('sees the other texts of several documents at once, parked or open', async () => {
      const [other, third] = [2, 3].map((cell) => uri.replace('cell-1', `cell-${cell}`)) as [string, string];
      const code =
        'import { a } from "./cell-1"; import { b } from "./cell-2"; const texts: string[] = [a, b];';
      server.open(uri, 'typescript', 'export const a = 1;');
      server.open(other, 'typescript', 'export const b = 1;');
      assert.deepEqual(await server.check(third, code), [MISMATCH, MISMATCH]);
      server.park(uri);
      server.changeAll(
        new Map([
          [uri, 'export const a = "";'],
          [other, 'export const b = "";'],
        ]),
      );
      assert.deepEqual(await server.errors(third), []);
      server.park(other);
      server.changeAll(
        new Map([
          [uri, 'export {};'],
          [other, 'export const b = 1;'],
        ]),
      );
      assert.deepEqual(await server.errors(third), [`2305: Module '"./cell-1"' has no exported member 'a'.`]);
      server.change(uri, 'export const a = "";');
      assert.deepEqual(await server.errors(third), [MISMATCH]);
    });

    it('says so again when it is killed again after it has answered', async () => {
      await server.check(uri, '');
      for (const _ of [1, 2]) {
        const up = server.next('up');
        process.kill(server.pid ?? 0, 'SIGKILL');
        await up;
        await server.errors(uri);
      }
      assert.equal(server.notices.length, 2);
    });

    it('rejects what was asked when it is killed, and tells why', async () => {
      await server.check(uri, '');
      // Stopped first: otherwise it may have answered before it dies. (There is no SIGSTOP on Windows.)
      if (process.platform !== 'win32') process.kill(server.pid ?? 0, 'SIGSTOP');
      const asked = server.errors(uri);
      process.kill(server.pid ?? 0, 'SIGKILL');
      await assert.rejects(asked, { name: 'ServerUnavailable' });
    });

    it('is replaced when it does not answer any more', async function () {
      if (process.platform === 'win32') this.skip(); // There is no SIGSTOP.
      await server.check(uri, 'const text: string = 1;');
      const { pid = 0 } = server;
      process.kill(pid, 'SIGSTOP');
      const up = server.next('up');
      await assert.rejects(server.errors(uri, 0.05), ServerUnavailable);
      await up;
      assert.deepEqual(await server.errors(uri), [MISMATCH]);
      assert.equal(server.notices.length, 1);
      assert.match(server.notices[0] ?? '', /did not answer textDocument\/diagnostic within 0.05 s/);
    });

    it('can be replaced on demand, and says nothing of it', async () => {
      assert.deepEqual(await server.check(uri, 'const text: string = 1;'), [MISMATCH]);
      const { pid } = server;
      server.restart();
      assert.deepEqual(await server.errors(uri), [MISMATCH]);
      assert.notEqual(server.pid, pid);
      assert.deepEqual(server.notices, []);
    });

    it('is gone when it has been disposed of, and answers nothing', async () => {
      await server.ready();
      const { pid = 0 } = server;
      assert.ok(isAlive(pid));
      await server.dispose();
      assert.ok(!isAlive(pid));
      await assert.rejects(server.request('textDocument/diagnostic', {}), ServerUnavailable);
      assert.deepEqual(server.notices, []);
    });

    it('is gone when it has been disposed of while it does not answer', async function () {
      if (process.platform === 'win32') this.skip(); // There is no SIGSTOP.
      await server.ready();
      const { pid = 0 } = server;
      process.kill(pid, 'SIGSTOP');
      await server.dispose();
      assert.ok(!isAlive(pid));
    });
  });

  describe('of another process', () => {
    /** Starts a server in a process of its own, which says the server's id and then does what `code` says. */
    const start = (code: string): ReturnType<typeof spawn> => {
      const module = new URL('kernel/typescript/server.js', dist).href;
      const program = `
        import { LanguageServer } from ${JSON.stringify(module)};
        const root = ${JSON.stringify(root)};
        const server = new LanguageServer({ root, requestTimeout: 20, onNotice: console.error });
        server.start();
        ${code}`;
      return spawn(process.execPath, ['--input-type=module', '-e', program], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
    };

    beforeEach(() => {
      server = new ServerUnderTest({ root });
    });

    it('does not keep that process alive', async () => {
      const child = start('await server.request("textDocument/diagnostic", {}).catch(() => undefined);');
      assert.deepEqual(await once(child, 'exit'), [0, null]);
    });

    it('ends with that process, also when that is killed', async () => {
      const child = start('await server.ready(); console.log(server.pid); setInterval(() => {}, 1000);');
      const [line] = (await once(child.stdout ?? child, 'data')) as [Buffer];
      const pid = Number(String(line));
      assert.ok(isAlive(pid));
      child.kill('SIGKILL');
      await once(child, 'exit');
      // Nobody tells when a process ends that is nobody's child; mocha's time-out is the limit.
      while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 5));
    });
  });

  describe('that misbehaves', () => {
    /** A server that is this JavaScript; `answer(message)` is called with what arrives. */
    const pretend = (answer: string): void => {
      const program = `
        let text = '';
        const send = (message) => {
          const body = JSON.stringify({ jsonrpc: '2.0', ...message });
          process.stdout.write('Content-Length: ' + body.length + '\\r\\n\\r\\n' + body);
        };
        const answer = ${answer};
        process.stdin.on('data', (data) => {
          text += data;
          for (let match; (match = /^Content-Length: (\\d+)\\r\\n\\r\\n/.exec(text)); ) {
            const end = match[0].length + Number(match[1]);
            if (text.length < end) return;
            const message = JSON.parse(text.slice(match[0].length, end));
            text = text.slice(end);
            answer(message);
          }
        });
        process.stdin.on('end', () => process.exit());`;
      server = new ServerUnderTest({
        root,
        executable: process.execPath,
        executableArguments: ['-e', program, '--'],
        requestTimeout: 20,
      });
    };
    const HONEST_START = 'message.method === "initialize" ? send({ id: message.id, result: {} }) :';

    it('is given up at once when there is no such program, with one notice that names it', async () => {
      const executable = path.join(root, 'no-such-program');
      server = new ServerUnderTest({ root, executable });
      server.start();
      await assert.rejects(server.ready(), ServerUnavailable);
      await assert.rejects(server.errors(uri), ServerUnavailable);
      assert.ok(!server.available);
      assert.equal(server.notices.length, 1);
      assert.ok(server.notices[0]?.includes(executable), server.notices[0]);
    });

    it('is given up when it is lost five times in a row, with a notice at the first time and at the last', async () => {
      pretend(`(message) => ${HONEST_START} message.id && process.exit(3)`);
      server.start();
      for (let time = 1; time <= 5; time++) {
        await server.ready();
        const down = server.next('down');
        await assert.rejects(server.errors(uri), ServerUnavailable);
        await down;
      }
      await assert.rejects(server.ready(), /lost 5 times in a row.*exit code 3/);
      assert.equal(server.notices.length, 2);
      assert.match(server.notices[1] ?? '', /5 times in a row.*until the kernel is restarted/);
    });

    it('is started again on demand after it was given up', async () => {
      pretend('() => process.exit(3)');
      server.start();
      while (!server.notices.some((text) => text.includes('in a row'))) await server.next('notice');
      await assert.rejects(server.ready(), ServerUnavailable);
      server.start();
      assert.notEqual(server.pid, undefined);
    });

    it('is not in a row with losses of long ago', async () => {
      let now = 0;
      server = new ServerUnderTest({ root, now: () => (now += 100) });
      server.start();
      for (let time = 1; time <= 7; time++) {
        await server.ready();
        const down = server.next('down');
        process.kill(server.pid ?? 0, 'SIGKILL');
        await down;
      }
      await server.ready();
      assert.equal(server.notices.length, 1);
    });

    it('is lost when it does not answer the first request', async () => {
      server = new ServerUnderTest({
        root,
        executable: process.execPath,
        executableArguments: ['-e', 'process.stdin.resume().on("end", () => process.exit())', '--'],
        requestTimeout: 0.02,
        backOff: [],
      });
      server.start();
      await assert.rejects(server.ready(), /did not answer initialize within 0.02 s/);
      assert.equal(server.notices.length, 1);
    });

    it('is lost when it writes what is no message', async () => {
      pretend(`(message) => ${HONEST_START} message.id && process.stdout.write('Hello, world\\r\\n\\r\\n')`);
      server.start();
      await server.ready();
      const notice = server.next('notice');
      await assert.rejects(server.errors(uri), ServerUnavailable);
      await notice;
      assert.match(server.notices[0] ?? '', /does not speak the protocol: no Content-Length/);
    });

    it('gets answers to what it asks', async () => {
      pretend(`(message) =>
        ${HONEST_START}
        message.method ? (globalThis.asked = message.id, send({ id: 'c', method: 'workspace/configuration', params: { items: [{}, {}] } })) :
        send({ id: globalThis.asked, result: message.result })`);
      server.start();
      server.open(uri, 'typescript', ''); // Notifications have no id: only the request below is answered.
      await server.ready();
      assert.deepEqual(await server.request('anything', {}), [null, null]);
    });
  });
});
