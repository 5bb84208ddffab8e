/**
 * Loops over a cell's own variables work on copies (kernel/language/loops.ts). Nobody must be able to
 * tell: what they leave is what the same code leaves as a module.
 */
import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { shownBy, TestKernel } from '../../support/kernel-client.ts';

/** Claim → plain JavaScript that leaves what it has to say in `out`. */
const snippets: Readonly<Record<string, string>> = {
  'ends normally': 'let sum = 0; for (let i = 0; i < 10; i++) sum += i * 0.5; const out = sum',
  'is left by break': 'let n = 0; while (true) { n++; if (n > 7) break } const out = n',
  'is left by an error':
    'let n = 0, out; try { for (;;) { n++; if (n === 5) throw new Error("x") } } catch { out = n }',
  'is left by an error of a called function that reads nothing':
    'let n = 0; const out = []; const fail = (k) => { if (k > 3) throw k }; try { for (;;) fail(n++) } catch (k) { out.push(k, n) }',
  'goes on at an outer label':
    'let log = ""; outer: for (let i = 0; i < 4; i++) { for (let j = 0; j < 4; j++) { if (j === 2) continue outer; if (i === 3) break outer; log += `${i}${j} ` } } const out = log',
  'is left through a labelled block':
    'let n = 0; block: { for (;;) { if (++n > 3) break block } } const out = n',
  'counts with a variable of the cell':
    'let i; let steps = 0; for (i = 0; i < 5; i++) steps++; const out = [i, steps]',
  'counts with a var':
    'var total = 0; for (var i = 0, j = 10; i < j; i++, j--) total += j - i; const out = [i, j, total]',
  'makes closures over its own variables':
    'const fs = []; let made = 0; for (let i = 0; i < 3; i++) { made += 1; fs.push(() => i) } const out = [fs.map((f) => f()), made]',
  'makes closures over variables of the cell':
    'let shared = 0; const fs = []; for (let i = 0; i < 3; i++) { shared += i; fs.push(() => shared) } shared = 100; const out = fs.map((f) => f())',
  'calls a function that changes the variable':
    'let n = 0; function bump() { n += 10 } for (let i = 0; i < 3; i++) { n += 1; bump() } const out = n',
  'calls a function that reads the variable':
    'let n = 0; const seen = []; const read = () => n; for (let i = 0; i < 3; i++) { n += 1; seen.push(read()) } const out = seen',
  'is read by a getter and a valueOf':
    'let n = 0; const probe = { get value() { return n }, valueOf() { return n } }; let got = 0; for (let i = 0; i < 3; i++) { n += 1; got += probe.value + probe } const out = got',
  'is read by a generator':
    'let n = 0; function* g() { while (n < 3) yield n } const seen = []; for (const v of g()) { n += 1; seen.push(v, n) } const out = seen',
  'assigns by destructuring':
    'let a = 1, b = 2; for (let i = 0; i < 3; i++) [a, b] = [b, a + b]; const out = [a, b]',
  'assigns by object destructuring with shorthand and defaults':
    'let a = 0, b = 0, rest; for (let i = 0; i < 2; i++) ({ a, b = a + 5, ...rest } = { a: a + 1, c: i }); const out = [a, b, rest]',
  'builds objects by shorthand properties':
    'let x = 0; const made = []; for (let i = 0; i < 3; i++) { x += i; made.push({ x, i, y: x }) } const out = made',
  'uses computed keys, members and methods of the same name':
    'let k = 0; const o = { k: "member", 0: "zero", 1: "one" }; const seen = []; for (; k < 2; k++) seen.push(o[k], o.k, { [k]: k }, { k() { return 1 } }.k()); const out = [k, seen.map(String)]',
  'shadows the variable inside':
    'let v = 1; for (let i = 0; i < 2; i++) { v += 1; { let v = 100; v += 1 } } const out = v',
  'has a parameter of the same name':
    'let v = 1; const seen = []; for (let i = 0; i < 2; i++) { v += 1; seen.push(((v) => v * 2)(i)) } const out = [v, seen]',
  'has a catch parameter of the same name':
    'let e = 1; for (let i = 0; i < 2; i++) { e += 1; try { throw 50 } catch (e) { e += 1 } } const out = e',
  nests:
    'let count = 0, inner = 0; for (let i = 0; i < 3; i++) { count++; for (let j = 0; j < i; j++) inner++ } const out = [count, inner]',
  'stands in a block, an if, a switch and a try':
    'let n = 0; { for (let i = 0; i < 2; i++) n++ } if (n) for (let i = 0; i < 2; i++) n++; switch (n) { case 4: for (let i = 0; i < 2; i++) n++ } try { for (let i = 0; i < 2; i++) n++ } finally { n++ } const out = n',
  'runs over the keys of an object':
    'let keys = "", last; for (last in { a: 1, b: 2 }) keys += last; const out = [keys, last]',
  'runs over values with a variable of the cell':
    'let v, w, sum = 0; for ([v, w] of [[1, 2], [3, 4]]) sum += v * w; const out = [v, w, sum]',
  'assigns to a member in its head':
    'const o = { x: 0 }; let n = 0; for (o.x of [1, 2]) n += o.x; const out = [o, n]',
  'is a do while': 'let n = 5; do n--; while (n > 0); const out = n',
  'increments in all ways':
    'let a = 0, b = 0, c = 0, d = 1, e = null, f = 1; for (let i = 0; i < 3; i++) { a++; ++b; c -= 2; d **= 2; e ??= i; f ||= 5; f &&= f + 1; d <<= 1 } const out = [a, b, c, d, e, f]',
  'keeps bigints, strings and minus zero':
    'let big = 1n, text = "", zero = 1; for (let i = 0; i < 3; i++) { big *= 10n; text += i; zero *= -0 } const out = [big, text, zero]',
  'ends an iterator when it is left':
    'let closed = 0, n = 0; const it = { [Symbol.iterator]() { return { next: () => ({ value: 1, done: false }), return() { closed++; return {} } } } }; for (const v of it) { n += v; if (n > 2) break } const out = [closed, n]',
  'uses typeof and delete on members':
    'let t = ""; const o = { a: 1, b: 2 }; for (const k of Object.keys(o)) { t += typeof t; delete o[k] } const out = [t, o]',
  'is an endless loop with a finally inside':
    'let n = 0, f = 0; for (;;) { try { n++; if (n === 3) break } finally { f++ } } const out = [n, f]',
  awaits: 'let n = 0; for (let i = 0; i < 3; i++) n += await Promise.resolve(i); const out = n',
  'awaits while another function changes the variable':
    'let n = 0; const bump = async () => { await null; n += 10 }; const all = []; for (let i = 0; i < 3; i++) { n += 1; all.push(bump()); await null } await Promise.all(all); const out = n',
  'is evaluated as text': 'let n = 0; for (let i = 0; i < 3; i++) { n += 1; (0, eval)("1") } const out = n',
  'declares a class and a function inside':
    'let n = 0; for (let i = 0; i < 2; i++) { class C { static v = 2 } function f() { return 3 } n += C.v + f() } const out = n',
  'has an optional chain and a template':
    'let o = { v: 0 }, s = ""; for (let i = 0; i < 2; i++) { o = { v: o?.v + 1 }; s = `${s}${o.v}` } const out = [o, s]',
  'replaces the array that it runs over':
    'let xs = [1, 2]; let n = 0; for (const x of xs) { xs = [9]; n += x } const out = [xs, n]',
};

async function asModule(code: string): Promise<unknown> {
  const url = `data:text/javascript,${encodeURIComponent(`${code}\nexport { out };`)}`;
  return ((await import(url)) as { out: unknown }).out;
}

describe('a loop over variables of the cell', () => {
  let kernel: TestKernel;
  before(async () => {
    // Plain JavaScript, most of it.
    kernel = await TestKernel.start({ env: { TSLOOP_TYPECHECK: 'off' } });
  });
  after(() => kernel.stop());

  for (const [claim, code] of Object.entries(snippets)) {
    it(`${claim}: leaves what it leaves in a module`, async () => {
      const expected = inspect(await asModule(code), { depth: 4 });
      for (const source of [
        `${code};\nout`,
        `${code.replace(/\b(let|var|const) /g, '$1 /* : any */ ')};\nenum Compiled { Yes }\nout`,
      ]) {
        const shown = shownBy((await kernel.client.run(source)).published);
        assert.deepEqual(shown.errors, [], source);
        assert.equal(shown.result, expected, source);
      }
    });
  }

  it('over a variable of an earlier cell changes that variable', async () => {
    await kernel.client.run('let earlier = 1');
    await kernel.client.run('for (let i = 0; i < 5; i++) earlier *= 2');
    assert.equal(shownBy((await kernel.client.run('earlier')).published).result, '32');
  });

  it('is seen by functions of earlier cells while it runs', async () => {
    await kernel.client.run('let watched = 0\nconst watch = () => watched');
    const { published } = await kernel.client.run(
      'const seen = []\nfor (let i = 0; i < 3; i++) { watched += 2; seen.push(watch()) }\nseen',
    );
    assert.equal(shownBy(published).result, '[ 2, 4, 6 ]');
  });

  it('that fails leaves what it had reached', async () => {
    await kernel.client.run(
      'let reached = 0\nfor (;;) { reached++; if (reached === 3) throw new Error("stop") }',
    );
    assert.equal(shownBy((await kernel.client.run('reached')).published).result, '3');
  });
});
