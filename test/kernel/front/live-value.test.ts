/** Live values as text: the values are those of this process, looked at by its own inspector. */
import assert from 'node:assert/strict';
import { Session } from 'node:inspector';
import { MainThread } from '../../../kernel/front/inspector.ts';
import { lookAt } from '../../../kernel/front/live-value.ts';

/** The inspector of the thread that the test runs on. */
class ThisThread extends MainThread {
  readonly session: Session = new Session();

  override post<T>(method: string, parameters: object): Promise<T | undefined> {
    return new Promise((resolve) =>
      this.session.post(method, parameters, (failure: Error | null, reply?: object) =>
        resolve(failure ? undefined : (reply as T)),
      ),
    );
  }
}

describe('a live value', () => {
  const main = new ThisThread();
  before(() => main.session.connect());
  after(() => main.session.disconnect());
  /** The value is made before it is looked at: making it is code that changes something. */
  const text = async (value: unknown, detail = 0): Promise<string | undefined> => {
    Object.assign(globalThis, { valueUnderTest: value });
    return (await lookAt(main, 'valueUnderTest', detail))?.text;
  };
  after(() => Reflect.deleteProperty(globalThis, 'valueUnderTest'));

  const short: ReadonlyArray<readonly [value: unknown, text: string]> = [
    [1, '1'],
    [-0, '-0'],
    [10n, '10n'],
    ["it's", '"it\'s"'],
    [null, 'null'],
    [undefined, 'undefined'],
    [Symbol.iterator, 'Symbol(Symbol.iterator)'],
    [{ a: 1, 'b-c': 'x', d: { e: 1 } }, "{ a: 1, 'b-c': 'x', d: {…} }"],
    [[1, 'two', null], "[ 1, 'two', null ]"],
    [[], '[]'],
    [{}, '{}'],
    [new Map([['k', 1]]), "Map(1) { 'k' => 1 }"],
    [new Set([1, 2]), 'Set(2) { 1, 2 }'],
    [/a/g, '/a/g'],
    [new TypeError('no'), 'TypeError: no'],
    [Promise.resolve(1), 'Promise { 1 }'],
    [new Promise(() => {}), 'Promise { <pending> }'],
    [
      new (class Point {
        x = 1;
        readonly #y = 2;
        get y(): number {
          return this.#y;
        }
      })(),
      'Point { x: 1 }',
    ],
    [
      {
        get a() {
          throw new Error('run');
        },
      },
      '{ a: [Getter] }',
    ],
    ['😀', "'😀'"],
  ];
  for (const [value, expected] of short) {
    it(`is shown as ${expected}`, async () => assert.equal(await text(value), expected));
  }

  it('is short, however large it is', async () => {
    for (const value of [
      'x'.repeat(1e6),
      Array.from({ length: 1e5 }).fill('abcdef'),
      new Array(90).fill('é'),
    ]) {
      const shown = await text(value);
      assert.ok(shown !== undefined && shown.length <= 250, shown);
    }
  });

  it('is shown one level deeper at length', async () => {
    const deep = { a: { b: { c: 1 } }, d: [1, [2]], f: () => 1 };
    assert.equal(await text(deep, 1), '{ a: { b: {…} }, d: [ 1, Array(1) ], f: [Function] }');
    const numbers = await text(
      Array.from({ length: 150 }).map((_, index) => index),
      1,
    );
    assert.equal(numbers?.split('\n').at(-2)?.trim(), '92, 93, 94, 95, 96, 97, 98, 99, … 50 more,');
    assert.equal(await text(new Map([['k', { a: 1 }]]), 1), 'Map(1) { "k" => Object }');
    const long = await text({ first: 'a'.repeat(50), second: 'b'.repeat(50) }, 1);
    assert.equal(long?.split('\n').length, 4);
  });

  it('is not looked at when that would run code', async () => {
    let isTouched = false;
    await text({
      get touch() {
        return (isTouched = true);
      },
    });
    assert.equal(await lookAt(main, 'valueUnderTest.touch', 0), undefined);
    assert.equal(isTouched, false);
    assert.equal(await lookAt(main, 'noSuchName', 0), undefined);
  });

  it('that is a function has its source', async () => {
    assert.deepEqual(await lookAt(main, '(function f(a) { return a })', 0), {
      type: 'Function',
      isFunction: true,
      isPrimitive: false,
      text: 'function f(a) { return a }',
    });
  });
});
