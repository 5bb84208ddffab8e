/**
 * Golden transcripts: what a client sends, and all that it gets for it, of every message type. They lie in
 * transcripts/, one file for each exchange, normalised; `TSLOOP_WRITE_TRANSCRIPTS=1` writes them anew.
 * test/conformance/transcripts_test.py holds them against the schemas of jupyter_kernel_test.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Context, Reply } from 'zeromq';
import { repository } from '../../support/jupyter-home.ts';
import { type KernelClient, type Received, spawnKernel, TestKernel } from '../../support/kernel-client.ts';
import { answerHandshake, listen, receiveHandshake, signature } from '../../support/launcher.ts';

const folder = path.join(repository, 'test', 'kernel', 'whole', 'transcripts');

interface Exchange {
  readonly channel?: 'shell' | 'control';
  readonly type: string;
  readonly content?: object;
  readonly metadata?: object;
  readonly buffers?: readonly string[];
  /** What is typed when the kernel asks. */
  readonly answer?: string;
  /** The subshell of an earlier exchange. */
  readonly isInSubshell?: boolean;
}

interface Message {
  readonly type: string;
  readonly metadata: unknown;
  readonly content: unknown;
  readonly buffers?: readonly string[];
}

interface Transcript {
  /** The topic that a client has subscribed to on iopub, instead of a request. */
  readonly subscription?: string;
  readonly request?: { readonly channel: string } & Message;
  /** On the channel of the request; messages of comms have none. */
  readonly reply?: Message;
  /** What the kernel asks on stdin, and what it is told. */
  readonly asked?: readonly [request: Message, reply: Message];
  /** What the kernel asks of its launcher, and what it is told. */
  readonly registered?: readonly [request: Message, reply: Message];
  readonly published: readonly Message[];
}

const execute = (code: string, options: object = {}): Exchange => ({
  type: 'execute_request',
  content: {
    code,
    silent: false,
    store_history: true,
    user_expressions: {},
    allow_stdin: false,
    stop_on_error: true,
    ...options,
  },
});

/** In their order, in one kernel. */
const exchanges: Readonly<Record<string, Exchange>> = {
  kernel_info: { type: 'kernel_info_request' },
  kernel_info_on_control: { channel: 'control', type: 'kernel_info_request' },
  connect: { type: 'connect_request' },
  execute_declaration: execute('const answer: number = 42'),
  execute_result: execute('answer'),
  execute_streams: execute('console.log("out"); console.error("err")'),
  execute_display: execute(
    `display({ 'text/plain': 'one', 'text/html': '<b>one</b>' }, { raw: true, displayId: 'd' }); void 0`,
  ),
  execute_update_display: execute(
    `display({ 'text/plain': 'two' }, { raw: true, displayId: 'd', update: true }); void 0`,
  ),
  execute_clear_output: execute('clearOutput({ wait: true })'),
  execute_user_expressions: execute('void 0', {
    user_expressions: { value: 'answer + 1', broken: 'nowhere' },
  }),
  execute_error: execute('function fails(): never {\n  throw new TypeError("on purpose");\n}\nfails()'),
  execute_type_error: execute('const text: string = answer'),
  execute_input: { ...execute('prompt("Name: ")', { allow_stdin: true }), answer: 'Ada' },
  execute_silent: execute('answer', { silent: true, store_history: false }),
  execute_payload: execute('answer?'),
  execute_wrong_content: { type: 'execute_request', content: { code: 42 } },
  complete: { type: 'complete_request', content: { code: 'answ', cursor_pos: 4 } },
  inspect: { type: 'inspect_request', content: { code: 'answer', cursor_pos: 3, detail_level: 0 } },
  inspect_nothing: { type: 'inspect_request', content: { code: '', cursor_pos: 0, detail_level: 0 } },
  is_complete: { type: 'is_complete_request', content: { code: 'if (answer) {' } },
  history: {
    type: 'history_request',
    content: { output: true, raw: true, hist_access_type: 'range', session: 0, start: 1, stop: 3 },
  },
  comm_target: execute(
    "import { comms } from 'tsloop/comms';\ncomms.registerTarget('echo', (comm) => { comm.onMessage(({ data, buffers }) => comm.send(data, { echo: true }, buffers)); })",
  ),
  comm_open_unknown: {
    type: 'comm_open',
    content: { comm_id: 'comm-1', target_name: 'nobody', data: {} },
  },
  comm_open: { type: 'comm_open', content: { comm_id: 'comm-2', target_name: 'echo', data: { a: 1 } } },
  comm_msg: {
    type: 'comm_msg',
    content: { comm_id: 'comm-2', data: { b: [2] } },
    metadata: { of: 'the client' },
    buffers: ['some bytes'],
  },
  comm_info: { type: 'comm_info_request', content: { target_name: 'echo' } },
  comm_close: { type: 'comm_close', content: { comm_id: 'comm-2', data: {} } },
  comm_from_the_kernel: execute(
    "import { Comm } from 'tsloop/comms';\nnew Comm('plot', { x: 1 }, { version: '2.1.0' }, [new Uint8Array([104, 105])]).close(); void 0",
  ),
  create_subshell: { channel: 'control', type: 'create_subshell_request' },
  execute_in_subshell: { ...execute('answer + 1'), isInSubshell: true },
  list_subshell: { channel: 'control', type: 'list_subshell_request' },
  delete_subshell: {
    channel: 'control',
    type: 'delete_subshell_request',
    content: { subshell_id: '<subshell>' },
  },
  usage: { channel: 'control', type: 'usage_request' },
  interrupt: { channel: 'control', type: 'interrupt_request' },
  shutdown: { channel: 'control', type: 'shutdown_request', content: { restart: false } },
};

/** What differs from run to run, or from machine to machine, by the name of its field. */
const VARYING: Readonly<Record<string, unknown>> = {
  implementation_version: '0.0.0',
  banner: 'a banner',
  comm_id: 'comm',
  subshell_id: 'subshell',
  pid: 1,
  hostname: 'machine',
  shell_port: 1,
  iopub_port: 2,
  stdin_port: 3,
  control_port: 4,
  hb_port: 5,
  kernel_cpu: 1.5,
  kernel_memory: 100_000_000,
  cpu_count: 2,
  host_cpu_percent: 10,
};

function normalised(value: unknown, field?: string): unknown {
  if (Array.isArray(value)) return value.map((each) => normalised(each, field));
  if (field === 'host_virtual_memory') return { total: 1, available: 1, percent: 1, used: 1, free: 1 };
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([name]) => name !== 'host_cpu_percent');
    return Object.fromEntries(entries.map(([name, each]) => [name, normalised(each, name)]));
  }
  const fixed = field === undefined ? undefined : VARYING[field];
  // What the test has chosen stays what it is.
  return fixed === undefined || String(value).startsWith('comm-') ? value : fixed;
}

/** What no request is about; each has a test of its own. */
const others = ['subscribe', 'handshake'];

/** Holds what was said against what is written down. */
function compare(name: string, transcript: Transcript): void {
  const file = path.join(folder, `${name}.json`);
  if (process.env['TSLOOP_WRITE_TRANSCRIPTS'] === '1')
    writeFileSync(file, `${JSON.stringify(transcript, undefined, 2)}\n`);
  assert.deepEqual(transcript, JSON.parse(readFileSync(file, 'utf8')));
}

function toMessage({ type, metadata, content, buffers }: Received): Message {
  return {
    type,
    metadata: normalised(metadata),
    content: normalised(content),
    ...(buffers.length === 0 ? {} : { buffers: buffers.map(String) }),
  };
}

describe('the transcripts', () => {
  let kernel: TestKernel;
  let client: KernelClient;
  let subshell = '';
  let welcome: Message[] = [];
  before(async () => {
    kernel = await TestKernel.start();
    await kernel.client.wait('the first status', ({ type }) => type === 'status');
    welcome = kernel.client.published('').map(toMessage);
    // With a name it can be asked on stdin.
    client = await kernel.connect('client');
  });
  after(() => kernel.stop());

  const play = async (exchange: Exchange): Promise<Transcript> => {
    const { channel = 'shell', type, metadata = {}, buffers = [], isInSubshell = false, answer } = exchange;
    const content = JSON.parse(
      JSON.stringify(exchange.content ?? {}).replace('<subshell>', subshell),
    ) as object;
    const id = client.send(channel, type, content, {
      metadata,
      buffers: buffers.map((each) => Buffer.from(each)),
      header: isInSubshell ? { subshell_id: subshell } : {},
    });
    const ofRequest = (message: Received): boolean => message.parent === id;
    const question =
      answer === undefined
        ? undefined
        : await client.wait('the question', (each) => ofRequest(each) && each.channel === 'stdin');
    if (question) client.send('stdin', 'input_reply', { value: answer }, { parent: question.header });
    await client.wait(
      `idle after ${type}`,
      (message) => ofRequest(message) && message.content['execution_state'] === 'idle',
    );
    const reply = type.endsWith('_request')
      ? await client.wait(`the reply to ${type}`, (each) => ofRequest(each) && each.channel === channel)
      : undefined;
    if (type === 'create_subshell_request') subshell = String(reply?.content['subshell_id']);
    return {
      request: {
        channel,
        type,
        metadata,
        content: normalised(content),
        ...(buffers.length === 0 ? {} : { buffers }),
      },
      ...(reply && { reply: toMessage(reply) }),
      ...(question && {
        asked: [toMessage(question), { type: 'input_reply', metadata: {}, content: { value: answer } }],
      }),
      published: client.published(id).map(toMessage),
    };
  };

  for (const [name, exchange] of Object.entries(exchanges)) {
    it(`say what ${name} says`, async () => {
      compare(name, await play(exchange));
    });
  }

  it('say how the first client that subscribes is welcomed', () => {
    compare('subscribe', { subscription: '', published: welcome });
  });

  it('say how a kernel that has chosen its ports tells them to its launcher', async () => {
    const scratch = await mkdtemp(path.join(tmpdir(), 'tsloop-transcript-'));
    const file = path.join(scratch, 'registration.json');
    const key = randomUUID();
    const socket = new Reply({ context: new Context({ blocky: false }), linger: 0, receiveTimeout: 25_000 });
    await listen(socket, file, key);
    const { child, exit } = spawnKernel([file], { cwd: scratch });
    try {
      const { header, metadata, content } = await receiveHandshake(socket, key);
      const asked = { type: String(header['msg_type']), metadata, content: normalised(content) };
      const answer = { status: 'ok' };
      await answerHandshake(socket, header, answer, (parts) => signature(key, parts));
      const reply = { type: 'handshake_reply', metadata: {}, content: answer };
      compare('handshake', { registered: [asked, reply], published: [] });
    } finally {
      child.kill('SIGKILL');
      await exit;
      socket.close();
      await rm(scratch, { recursive: true, force: true });
    }
  });

  it('are all played, and have every message that kernels and clients exchange', () => {
    const files = readdirSync(folder).map((file) => file.replace(/\.json$/, ''));
    assert.deepEqual(files.sort(), [...Object.keys(exchanges), ...others].sort());
    const types = new Set<string>();
    for (const name of files) {
      const text = readFileSync(path.join(folder, `${name}.json`), 'utf8');
      const { request, reply, asked = [], registered = [], published } = JSON.parse(text) as Transcript;
      for (const message of [request, reply, ...asked, ...registered, ...published])
        if (message) types.add(message.type);
    }
    const families =
      'handshake connect input execute inspect complete history is_complete comm_info kernel_info shutdown interrupt usage';
    const subshells = 'create_subshell delete_subshell list_subshell';
    const expected = [
      ...`${families} ${subshells}`.split(' ').flatMap((family) => [`${family}_request`, `${family}_reply`]),
      ...'comm_open comm_msg comm_close stream display_data update_display_data'.split(' '),
      ...'execute_input execute_result error status clear_output iopub_welcome'.split(' '),
    ];
    assert.deepEqual([...types].sort(), expected.sort());
  });
});
