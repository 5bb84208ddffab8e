import assert from 'node:assert/strict';
import type {
  CellError,
  CellOutcome,
  CellRequest,
  FrontPort,
  ToFront,
  ToRuntime,
  TypecheckMode,
} from '../../../kernel/bridge.ts';
import { CheckedPort } from '../../../kernel/typescript/checked-port.ts';
import type { Checker } from '../../../kernel/typescript/checker.ts';

const wrong: CellError = { ename: 'TypeScriptError', evalue: 'no', traceback: ['no'] };
const ok: CellOutcome = { status: 'ok', payload: [], userExpressions: {} };
const threw: CellOutcome = { status: 'error', error: wrong, declared: ['a'] };

const request = (cell: number, more: Partial<CellRequest> = {}): CellRequest => ({
  cell,
  code: `cell ${cell}`,
  executionCount: cell,
  silent: false,
  userExpressions: {},
  ...more,
});

/** A check that ends when the test says so, and the record of what was asked of it. */
class FakeCheck {
  readonly calls: unknown[] = [];
  answer!: (value: CellError | string | undefined) => void;
  fail!: (reason: unknown) => void;
  readonly #answered: Promise<CellError | string | undefined>;
  onDiscard = (): void => {};
  onEnd = (): void => {};

  constructor() {
    this.#answered = new Promise((resolve, reject) => {
      this.answer = resolve;
      this.fail = reject;
    });
  }

  error(label: string): Promise<CellError | string | undefined> {
    this.calls.push(['error', label]);
    return this.#answered;
  }

  warning(label: string): Promise<CellError | string | undefined> {
    this.calls.push(['warning', label]);
    return this.#answered;
  }

  discard(): void {
    this.calls.push('discard');
    this.onDiscard();
  }

  end(outcome: CellOutcome): void {
    this.calls.push(['end', outcome]);
    this.onEnd();
  }
}

class FakeChecker {
  mode: TypecheckMode = 'on';
  exist: (names: readonly string[]) => Promise<readonly string[]> = () => Promise.resolve([]);
  caughtUp: () => Promise<void> = () => Promise.resolve();
  readonly #checks = new Map<string, FakeCheck>();
  /** The cells whose checks have begun. */
  readonly begun: string[] = [];
  onBegin = (): void => {};

  modeOf(): TypecheckMode {
    return this.mode;
  }

  begin(_code: string, label: string, mode: TypecheckMode): FakeCheck {
    this.onBegin();
    this.begun.push(`${label} ${mode}`);
    return this.check(label);
  }

  /** The check of a cell, begun or not. */
  check(label: string): FakeCheck {
    const check = this.#checks.get(label) ?? new FakeCheck();
    this.#checks.set(label, check);
    return check;
  }
}

class FakeRuntime implements FrontPort {
  readonly posted: ToRuntime[] = [];
  say!: (message: ToFront) => void;

  post(message: ToRuntime): void {
    this.posted.push(message);
  }

  onMessage(listener: (message: ToFront) => void): void {
    this.say = listener;
  }

  /** The numbers of the cells that got through. */
  get cells(): number[] {
    return this.posted.flatMap((message) => (message.type === 'execute' ? [message.request.cell] : []));
  }
}

/** All reactions to what has happened so far have run. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the port with a type checker on it', () => {
  let runtime: FakeRuntime;
  let checker: FakeChecker;
  let port: CheckedPort;
  let heard: ToFront[];

  beforeEach(() => {
    runtime = new FakeRuntime();
    checker = new FakeChecker();
    port = new CheckedPort(runtime, checker as unknown as Checker);
    heard = [];
    port.onMessage((message) => heard.push(message));
  });

  const execute = (cell: number, more: Partial<CellRequest> = {}): FakeCheck => {
    port.post({ type: 'execute', request: request(cell, more) });
    return checker.check(`In [${cell}]`);
  };
  const kinds = (): string[] => heard.map(({ type }) => type);
  const stderr = (): string =>
    heard.map((message) => (message.type === 'stream' ? message.text : '')).join('');

  it('lets a cell through when its check has found nothing, not before', async () => {
    const check = execute(1);
    await settle();
    assert.deepEqual(runtime.cells, []);
    check.answer(undefined);
    await settle();
    assert.deepEqual(runtime.posted, [{ type: 'execute', request: request(1) }]);
    assert.deepEqual(check.calls, [['error', 'In [1]']]);
    assert.deepEqual(heard, []);
  });

  it('fails a cell that is wrong, discards its check, and runs nothing', async () => {
    const check = execute(3);
    check.answer(wrong);
    await settle();
    assert.deepEqual(heard, [
      { type: 'error', cell: 3, error: wrong },
      { type: 'done', cell: 3, outcome: { status: 'error', error: wrong, declared: [] } },
    ]);
    assert.deepEqual(runtime.posted, []);
    assert.deepEqual(check.calls, [['error', 'In [3]'], 'discard']);
  });

  it('publishes no error of a silent cell, only that it is done', async () => {
    execute(1, { silent: true }).answer(wrong);
    await settle();
    assert.deepEqual(kinds(), ['done']);
  });

  it('tells the check how its cell ended, and everybody what the runtime says, in order', async () => {
    const check = execute(1);
    check.answer(undefined);
    await settle();
    const said: ToFront[] = [
      { type: 'stream', cell: 1, name: 'stdout', text: 'a' },
      { type: 'clear', cell: 1, wait: false },
      { type: 'stream', cell: 1, name: 'stdout', text: 'b' },
      { type: 'error', cell: 1, error: wrong },
      { type: 'done', cell: 1, outcome: threw },
    ];
    const second: ToFront[] = [];
    port.onMessage((message) => second.push(message));
    for (const message of said) runtime.say(message);
    assert.deepEqual(heard, said);
    assert.deepEqual(second, said);
    assert.deepEqual(check.calls.at(-1), ['end', threw]);
  });

  it('takes no end of another cell for that of its own', async () => {
    const check = execute(2);
    check.answer(undefined);
    await settle();
    runtime.say({ type: 'done', cell: 1, outcome: ok });
    assert.deepEqual(check.calls, [['error', 'In [2]']]);
    runtime.say({ type: 'done', cell: 2, outcome: ok });
    runtime.say({ type: 'done', cell: 2, outcome: ok });
    assert.deepEqual(check.calls, [
      ['error', 'In [2]'],
      ['end', ok],
    ]);
  });

  it('hands everything that is no cell to the runtime', () => {
    const messages: ToRuntime[] = [
      { type: 'ping', id: 1 },
      { type: 'interrupt', id: 2 },
      { type: 'shutdown', exitCode: 3 },
    ];
    for (const message of messages) port.post(message);
    assert.deepEqual(runtime.posted, messages);
    assert.deepEqual(heard, []);
  });

  describe('when it is interrupted during a check', () => {
    let check: FakeCheck;
    beforeEach(() => {
      check = execute(1);
      port.post({ type: 'interrupt', id: 7 });
    });
    const stopped = ['error', 'done'];

    it('fails the cell at once, once, as interrupted; the runtime hears of the interrupt, not of the cell', async () => {
      assert.deepEqual(kinds(), stopped);
      const [error, done] = heard;
      assert.ok(error?.type === 'error' && error.error.ename === 'KeyboardInterrupt');
      assert.ok(done?.type === 'done' && done.outcome.status === 'error');
      assert.deepEqual(runtime.posted, [{ type: 'interrupt', id: 7 }]);
      assert.deepEqual(check.calls, [['error', 'In [1]'], 'discard']);
      port.post({ type: 'interrupt', id: 7 });
      await settle();
      assert.deepEqual(kinds(), stopped);
    });

    for (const [what, answer] of [
      ['nothing', undefined],
      ['an error', wrong],
    ] as const) {
      it(`does not care that the check finds ${what} later`, async () => {
        check.answer(answer);
        await settle();
        assert.deepEqual(kinds(), stopped);
        assert.deepEqual(runtime.cells, []);
      });
    }

    it('leaves the next cell alone, which the user did not mean', async () => {
      const next = execute(2);
      port.post({ type: 'interrupt', id: 8, cell: 1 });
      port.post({ type: 'interrupt', id: 9, cell: 0 });
      next.answer(undefined);
      await settle();
      assert.deepEqual(runtime.cells, [2]);
    });

    it('does not care that the check breaks later', async () => {
      check.fail(new Error('too late'));
      await settle();
      assert.deepEqual(kinds(), stopped);
      assert.deepEqual(runtime.cells, []);
    });

    it('runs the next cell, whatever becomes of the check of the first', async () => {
      const next = execute(2);
      check.answer(undefined);
      await settle();
      assert.deepEqual(runtime.cells, []);
      next.answer(undefined);
      await settle();
      assert.deepEqual(runtime.cells, [2]);
    });
  });

  it('leaves the interrupt of a cell that runs to the runtime', async () => {
    execute(1).answer(undefined);
    await settle();
    port.post({ type: 'interrupt', id: 1 });
    assert.deepEqual(heard, []);
    assert.deepEqual(
      runtime.posted.map(({ type }) => type),
      ['execute', 'interrupt'],
    );
  });

  describe('when it warns', () => {
    beforeEach(() => (checker.mode = 'warn'));

    it('runs the cell at once', () => {
      execute(1);
      assert.deepEqual(runtime.cells, [1]);
    });

    it('lets nothing of the check come before the cell', () => {
      execute(1);
      runtime.say({ type: 'done', cell: 1, outcome: ok });
      assert.deepEqual(checker.begun, []);
    });

    it('prints what was found under its cell, also behind the end of it', async () => {
      const check = execute(1);
      runtime.say({ type: 'done', cell: 1, outcome: ok });
      check.answer('careful\n');
      await port.settled();
      assert.deepEqual(heard, [
        { type: 'done', cell: 1, outcome: ok },
        { type: 'stream', cell: 1, name: 'stderr', text: 'careful\n' },
      ]);
    });

    it('prints nothing where nothing was found', async () => {
      execute(1).answer('');
      await port.settled();
      assert.deepEqual(heard, []);
    });

    it('checks cells one after the other, in their order, and has settled when all warnings are printed', async () => {
      const checks = [1, 2].map((cell) => {
        const check = execute(cell);
        runtime.say({ type: 'done', cell, outcome: ok });
        return check;
      });
      let isSettled = false;
      const settled = port.settled().then(() => (isSettled = true));
      checks[1]?.answer('two\n');
      await settle();
      assert.deepEqual([isSettled, checker.begun], [false, ['In [1] warn']]);
      checks[0]?.answer('one\n');
      await settled;
      assert.equal(stderr(), 'one\ntwo\n');
      assert.deepEqual(checks[0]?.calls, [
        ['warning', 'In [1]'],
        ['end', ok],
      ]);
    });

    it('prints the warnings of a cell that still runs, and notes what it declares when it has ended', async () => {
      const check = execute(1);
      check.answer('careful\n');
      await port.settled();
      assert.equal(stderr(), 'careful\n');
      assert.deepEqual(check.calls, [['warning', 'In [1]']]);
      runtime.say({ type: 'done', cell: 1, outcome: threw });
      await port.settled();
      assert.deepEqual(check.calls.at(-1), ['end', threw]);
    });

    it('checks a cell of the other mode after those before it', async () => {
      const first = execute(1);
      runtime.say({ type: 'done', cell: 1, outcome: ok });
      checker.mode = 'on';
      const second = execute(2);
      second.answer(undefined);
      await settle();
      assert.deepEqual([checker.begun, runtime.cells], [['In [1] warn'], [1]]);
      first.answer('');
      await settle();
      assert.deepEqual(
        [checker.begun, runtime.cells],
        [
          ['In [1] warn', 'In [2] on'],
          [1, 2],
        ],
      );
    });

    it('settles, and says so, when a check breaks', async () => {
      const check = execute(1);
      check.fail(new Error('broken'));
      await port.settled();
      assert.match(stderr(), /could not be checked: broken\n$/);
      assert.deepEqual(runtime.cells, [1]);
    });

    it('leaves an interrupt to the runtime, for the cell runs', () => {
      execute(1);
      port.post({ type: 'interrupt', id: 1 });
      assert.deepEqual(heard, []);
    });
  });

  it('asks for no errors when checking is off, but tells the check of the end', async () => {
    checker.mode = 'off';
    const check = execute(1);
    assert.deepEqual(runtime.cells, [1]);
    runtime.say({ type: 'done', cell: 1, outcome: ok });
    await port.settled();
    assert.deepEqual(check.calls, [['end', ok]]);
  });

  it('sets the mode that a cell chose', () => {
    runtime.say({ type: 'typecheck', mode: 'warn' });
    assert.equal(checker.mode, 'warn');
  });

  it('asks the runtime which names exist, and gives each answer to its question', async () => {
    const [one, two] = [checker.exist(['a', 'b']), checker.exist(['c'])];
    assert.deepEqual(runtime.posted, [
      { type: 'exist', id: 1, names: ['a', 'b'] },
      { type: 'exist', id: 2, names: ['c'] },
    ]);
    runtime.say({ type: 'existing', id: 2, names: ['c'] });
    runtime.say({ type: 'existing', id: 1, names: [] });
    assert.deepEqual([await one, await two], [[], ['c']]);
  });

  describe('with a checker that breaks', () => {
    it('runs the cell unchecked and says so, when the check cannot begin', async () => {
      checker.onBegin = () => {
        throw new Error('no space left');
      };
      port.post({ type: 'execute', request: request(1) });
      assert.deepEqual(runtime.cells, [1]);
      await settle();
      assert.match(stderr(), /^The types of this cell could not be checked: no space left\n$/);
      runtime.say({ type: 'done', cell: 1, outcome: ok });
      assert.deepEqual(kinds(), ['stream', 'done']);
    });

    it('runs the cell unchecked and says so, when the check fails', async () => {
      const check = execute(1);
      check.fail('a text that was thrown');
      await settle();
      assert.deepEqual(runtime.cells, [1]);
      assert.match(stderr(), /could not be checked: a text that was thrown\n$/);
      runtime.say({ type: 'done', cell: 1, outcome: ok });
      assert.deepEqual(check.calls.at(-1), ['end', ok]);
    });

    it('fails a cell that is wrong all the same, when it cannot be discarded', async () => {
      const check = execute(1);
      check.onDiscard = () => {
        throw new Error('lost it');
      };
      check.answer(wrong);
      await settle();
      assert.deepEqual(kinds().slice(-2), ['error', 'done']);
    });

    it('ends the cell all the same, when the end cannot be noted, and runs the next', async () => {
      const check = execute(1);
      check.onEnd = () => {
        throw new Error('lost it');
      };
      check.answer(undefined);
      await settle();
      runtime.say({ type: 'done', cell: 1, outcome: ok });
      assert.ok(kinds().includes('done'));
      execute(2).answer(undefined);
      await settle();
      assert.deepEqual(runtime.cells, [1, 2]);
    });
  });
});
