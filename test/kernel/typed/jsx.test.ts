/** JSX is compiled as the nearest tsconfig.json says, in cells and in the files that they import. */
import { describeTyped, typeOf, types } from './steps.ts';

const tsconfig = (compilerOptions: object): string => JSON.stringify({ compilerOptions });

/** A package with both runtimes, whose elements say by which function they were made. */
function jsxPackage(name: string): Record<string, string> {
  const declarations =
    'export namespace JSX { interface Element { by: string } interface IntrinsicElements { p: { n?: number; children?: unknown } } interface ElementChildrenAttribute { children: {} } }\nexport const Fragment: () => JSX.Element;\n';
  const make = (by: string): string =>
    `const make = (by) => (type, props, key, _, source) => ({ by, type: typeof type === "string" ? type : "Fragment", props, key, line: source?.lineNumber });\nexport const Fragment = () => {};\n${by}`;
  const folder = `node_modules/${name}`;
  return {
    [`${folder}/package.json`]: JSON.stringify({
      name,
      type: 'module',
      exports: {
        './jsx-runtime': { types: './types.d.ts', default: './runtime.js' },
        './jsx-dev-runtime': { types: './types.d.ts', default: './dev.js' },
      },
    }),
    [`${folder}/types.d.ts`]: declarations,
    [`${folder}/runtime.js`]: make(`export const jsx = make("${name}.jsx"), jsxs = make("${name}.jsxs");`),
    [`${folder}/dev.js`]: make(`export const jsxDEV = make("${name}.jsxDEV");`),
  };
}

const view = 'export const view = <p n={1}>text</p>;\n';

describeTyped(
  'JSX under "jsx": "react-jsx"',
  {
    'calls the runtime of the package that is named, without an import': [
      ['const one = <p n={1}>text</p>\none.by', "'mini.jsx'"],
      ['(<p><p/><p/></p>).by', "'mini.jsxs'"],
      ['const { props: { n, children } } = one as any;\n[n, children]', "[ 1, 'text' ]"],
      ['(<><p/></> as any).type', "'Fragment'"],
      ['<p n="1"/>', types('2322 1:4 n')],
      ['<q/>', types('2339 1:1 <q/>')],
    ],
    'works in functions and classes of later cells': [
      [
        'function Row() { return <p n={2}/> }\nclass Table { row() { return <Row/> } }\nexport const first = Row()',
      ],
      ['[first.by, new Table().row().by, Row().by]', "[ 'mini.jsx', 'mini.jsx', 'mini.jsx' ]"],
      typeOf('first.by', 'string'),
    ],
    'works beside imports and awaits, and keeps the places of errors': [
      [
        'import { sep } from "node:path"\nconst a = await Promise.resolve(<p/>)\n\nthrow new Error(a.by + sep.length)',
        { error: 'Error: mini.jsx1', traceback: /In \[1\]:4:7/ },
      ],
    ],
    'holds for local files, imported and required': [
      ['import { view } from "./view.tsx"\nview.by', "'mini.jsx'"],
      ['import { plain } from "./plain.jsx"\n(plain as any).by', "'mini.jsx'"],
      ['(require("./required.tsx") as any).view.by', "'mini.jsx'"],
    ],
    'takes the tsconfig.json next to a file': [
      ['import { view as nested } from "./lib/nested.tsx"\n(nested as any).by', "'other.jsxDEV'"],
    ],
    'gives way to what a comment says': [
      ['/** @jsxImportSource other */\n(<p/>).by', "'other.jsx'"],
      [
        '/** @jsxRuntime classic @jsx h */\nfunction h(type: string) { return "h:" + type }\n(<p/>) as any',
        "'h:p'",
      ],
    ],
  },
  {
    'tsconfig.json': tsconfig({ strict: true, jsx: 'react-jsx', jsxImportSource: 'mini' }),
    'view.tsx': view,
    'plain.jsx': 'export const plain = <p/>;\n',
    'required.tsx': view,
    'lib/tsconfig.json': tsconfig({ jsx: 'react-jsxdev', jsxImportSource: 'other' }),
    'lib/nested.tsx': view,
    ...jsxPackage('mini'),
    ...jsxPackage('other'),
  },
);

describeTyped(
  'JSX under "jsx": "react-jsxdev", by a configuration that is extended',
  {
    'calls the runtime for development, with the places of elements': [
      ['const made = <p/>;\n[made.by, (<p/> as any).line]', "[ 'react.jsxDEV', 2 ]"],
      ['import { view } from "./view.tsx"\n[view.by, (view as any).line]', "[ 'react.jsxDEV', 1 ]"],
    ],
  },
  {
    'tsconfig.json': JSON.stringify({ extends: './base.json' }),
    'base.json': tsconfig({ jsx: 'react-jsxdev' }),
    'view.tsx': view,
    ...jsxPackage('react'),
  },
);

describeTyped(
  'JSX under jsxFactory',
  {
    'calls the function of that name, which a cell has declared': [
      [
        'declare global { namespace JSX { interface Element { made: string } interface IntrinsicElements { p: {} } } }\nconst dom = { h: (type: unknown, _: unknown, ...inner: unknown[]) => ({ made: `${type} ${inner.length}` }) }\nconst Group = "group"',
      ],
      ['(<p><p/></p>).made', "'p 1'"],
      ['(<><p/><p/></>).made', "'group 2'"],
    ],
  },
  {
    'tsconfig.json': tsconfig({ jsx: 'react', jsxFactory: 'dom.h', jsxFragmentFactory: 'Group' }),
  },
);

describeTyped(
  'JSX under "jsx": "preserve"',
  {
    'calls React.createElement': [
      ['const React = { createElement: (type: string) => "made " + type }'],
      ['(<p/>) as any', "'made p'"],
    ],
  },
  { 'tsconfig.json': tsconfig({ jsx: 'preserve' }) },
);

describeTyped(
  'JSX of a package that is not there',
  {
    'is a type error that names it': [
      ['<p/>', { types: ['2875 1:1 <p/>'], error: /'missing-jsx\/jsx-runtime'/ }],
    ],
    'says so when it runs unchecked': [
      ['%%typecheck off\n<p/>', { error: /Cannot find package 'missing-jsx'.*%npm install missing-jsx/ }],
      ['%%typecheck off\nimport { view } from "./view.tsx"', { error: /Cannot find package 'missing-jsx'/ }],
    ],
  },
  {
    'tsconfig.json': tsconfig({ jsx: 'react-jsx', jsxImportSource: 'missing-jsx' }),
    'view.tsx': view,
  },
);
