/** What of a cell does not run with it. In the texts ‹ › stand around what must be found. */
import assert from 'node:assert/strict';
import { parseCell } from '../../../kernel/language/parse.ts';
import { deferredStretches } from '../../../kernel/typescript/deferred.ts';

const claims: Readonly<Record<string, string>> = {
  'a function': '‹function f(a = later) { return g() }›',
  'an exported function': 'export ‹function f() { g() }›\nexport default ‹function () { g() }›',
  'a function that is exported by name': '‹function f() { g() }›\nexport { f as h }\nexport default f',
  'a function in a variable': 'const f = ‹() => g()›, h = (‹function () {}›) as any satisfies object',
  'functions in an object and in a list':
    'const all = { a: ‹() => g()›, b‹() {}›, [c()]: [‹() => h()›], d: e() }',
  'methods and fields': 'class A { m‹() { g() }› get x‹() { return g() }› y‹: Y› = ‹g()›; [k()]‹() {}› }',
  'the methods of a class that is extended': 'class A { m‹() { g() }› }\nclass B extends A { n‹() { g() }› }',
  'a function that another one calls': '‹function f() { g() }›\n‹function h() { f() }›',
  'a function that only a type mentions': '‹function f() { g() }›\nlet r: ReturnType<typeof f>',
  'a function that is assigned': 'let f; f = ‹() => g()›; o.p = ‹() => g()›; globalThis.q = ‹() => g()›',
  'not: a function that the cell calls': 'function f() { g() }\nf()',
  'not: a function that it shows': 'function f() { g() }\nf',
  'not: what a function that it calls comes to':
    'function f() { g() }\nconst h = () => f()\nh()\n‹function other() { g() }›',
  'not: what an object that it uses has': 'const o = { m() { g() } }\no.m()',
  'not: the methods of a class that it makes one of': 'class A { m() { g() } }\nnew A()',
  'not: those that such a class inherits':
    'class A { m() { g() } }\nclass B extends A {}\nclass C extends B {}\nnew C()',
  'not: the class that another is based on': 'class A extends g {}\nclass B extends h() {}',
  'not: static fields and blocks': 'class A { static x = g(); static { h() } }',
  'not: a class with a decorator': '@d class A { m() { g() } }',
  'not: arguments': 'const f = memo(() => g())\n[1].map((x) => g(x))\nsetTimeout(() => g())',
  'not: what is called where it stands': '(() => g())()\nconst x = (function () { return g() })()',
  'not: what is disposed of': 'using x = { [Symbol.dispose]() { g() } }',
  'not: a member that is assigned and called': 'o.p = () => g()\no.p()',
  'not: blocks, namespaces and loops':
    'if (a) { var f = () => g() }\nnamespace N { export const f = () => g() }\nfor (const f of [() => g()]) f',
  'not: JSX of a component that the cell has': 'function App() { return g() }\n<App/>',
};

describe('what does not run with a cell:', () => {
  for (const [claim, marked] of Object.entries(claims)) {
    it(claim, () => {
      const text = marked.replaceAll(/[‹›]/g, '');
      const { program, problems } = parseCell(text);
      assert.deepEqual(problems, []);
      const stretches = deferredStretches(program);
      let found = text;
      for (const { start, end } of stretches.toSorted((a, b) => b.start - a.start))
        found = `${found.slice(0, start)}‹${found.slice(start, end)}›${found.slice(end)}`;
      assert.equal(found, marked);
    });
  }
});
