import assert from 'node:assert/strict';
import { KeyboardInterrupt } from '../../../src/errors.ts';
import { CellSyntaxError } from '../../../kernel/language/compile.ts';
import { UsageError } from '../../../kernel/magics/magic.ts';
import { describeError } from '../../../kernel/runtime/errors.ts';

const describeIt = (thrown: unknown): ReturnType<typeof describeError> => describeError(thrown, 'In [3]');

describe('a thrown value', () => {
  it('that is an error has its name, message and stack', () => {
    const error = new RangeError('too far');
    const { ename, evalue, traceback } = describeIt(error);
    assert.deepEqual([ename, evalue], ['RangeError', 'too far']);
    assert.match(traceback.join('\n'), /RangeError: too far\n {4}at /);
  });

  it('that is an error of another realm is one as well', async () => {
    const { runInNewContext } = await import('node:vm');
    assert.deepEqual(describeIt(runInNewContext('new TypeError("foreign")')).ename, 'TypeError');
  });

  it('that is no error is shown as it is', () => {
    const cases: Array<[unknown, string]> = [
      ['text', "'text'"],
      [undefined, 'undefined'],
      [null, 'null'],
      [{ a: 1 }, '{ a: 1 }'],
      [5n, '5n'],
    ];
    for (const [thrown, text] of cases) {
      assert.deepEqual(describeIt(thrown), {
        ename: 'Uncaught',
        evalue: text,
        traceback: [`Uncaught ${text}`],
      });
    }
  });

  it('that is a mistake in calling a magic is its message alone', () => {
    assert.deepEqual(describeIt(new UsageError('%load wants a file.')), {
      ename: 'UsageError',
      evalue: '%load wants a file.',
      traceback: ['UsageError: %load wants a file.'],
    });
  });

  it('that is an interrupt is called as clients expect it', () => {
    const { ename, traceback } = describeIt(new KeyboardInterrupt('x'));
    assert.deepEqual([ename, traceback.length], ['KeyboardInterrupt', 1]);
  });

  it('that is a syntax error shows its line and a caret under all of its characters', () => {
    const source = 'let a = 1\n\tlet b = = 2';
    const start = source.indexOf('= 2');
    const thrown = new CellSyntaxError(source, [{ message: 'Unexpected token', start, end: start + 1 }]);
    assert.deepEqual(describeIt(thrown).traceback, [
      'In [3]:2:10\n    \tlet b = = 2\n    \t        ^',
      'SyntaxError: Unexpected token',
    ]);
  });

  it('is always described, whatever it does when it is looked at', () => {
    const nasty = (properties: PropertyDescriptorMap): Error =>
      Object.defineProperties(new Error('x'), properties);
    const throws = {
      get: () => {
        throw new Error('looked at');
      },
    };
    const values: unknown[] = [
      nasty({ message: throws }),
      nasty({ name: throws }),
      nasty({ stack: throws }),
      nasty({ cause: throws }),
      nasty({ name: { value: 5 }, message: { value: { a: 1 } }, stack: { value: 5 } }),
      nasty({
        [Symbol.for('nodejs.util.inspect.custom')]: {
          value: () => {
            throw new Error('inspected');
          },
        },
      }),
      Object.create(null),
      new Proxy({}, { get: throws.get, getPrototypeOf: throws.get, ownKeys: throws.get }),
      new Proxy(new Error('x'), { get: throws.get, getPrototypeOf: throws.get, ownKeys: throws.get }),
    ];
    for (const value of values) {
      const { ename, evalue, traceback } = describeIt(value);
      assert.deepEqual([typeof ename, typeof evalue, Array.isArray(traceback)], ['string', 'string', true]);
    }
  });
});
