/** Packages in cells that are type-checked: what is installed by running a cell is no error of its types before. */
import { Registry } from '../../support/registry.ts';
import { type Claims, describeCells } from './cells.ts';

const published = [
  {
    'package.json':
      '{ "name": "typed", "version": "1.0.0", "type": "module", "exports": { ".": { "types": "./index.d.ts", "default": "./index.js" } } }',
    'index.js': 'export const twice = (n) => 2 * n;\n',
    'index.d.ts': 'export declare function twice(n: number): number;\n',
  },
  {
    'package.json': '{ "name": "untyped", "version": "1.0.0", "type": "module", "main": "index.js" }',
    'index.js': 'export const anything = 1;\n',
  },
  {
    'package.json':
      '{ "name": "elements", "version": "1.0.0", "type": "module", "exports": { "./jsx-runtime": { "types": "./index.d.ts", "default": "./index.js" } } }',
    'index.js': 'export const jsx = (type, props) => ({ made: type, props });\n',
    'index.d.ts':
      'export namespace JSX { interface Element { made: string } interface IntrinsicElements { p: { n?: number } } }\n',
  },
];

let registry: Registry;
before(async () => {
  registry = await Registry.start();
  for (const files of published) await registry.publish(files);
});
after(() => registry.stop());

const claims: Claims = {
  'a npm: import is installed, and its types count from the next cell on': [
    ['import { twice } from "npm:typed@1"\ntwice(2)', { result: '4', stderr: /^Installing typed@1/ }],
    ['twice("2")', { error: /^TypeScriptError: .*'string' is not assignable to parameter of type 'number'/ }],
    [
      'import { twice as again } from "npm:typed"\nagain("2")',
      { error: /^TypeScriptError: .*not assignable/ },
    ],
    ['import { thrice } from "npm:typed"', { error: /^TypeScriptError: .*thrice/ }],
  ],
  'JSX may name a package by npm:, which is installed as well': [
    [
      '/** @jsxImportSource npm:elements@1 */\nconst first: any = <p n={1} />\nfirst.made',
      { result: "'p'", stderr: /^Installing elements@1/ },
    ],
    ['/** @jsxImportSource npm:elements@1 */\nconst second: any = <p n={1} />\nsecond.made', "'p'"],
  ],
  '%npm install and an import may share a cell': [
    [
      '%npm install untyped\nimport { anything } from "untyped"\nanything',
      { result: '1', stdout: /^Installing untyped/ },
    ],
    ['anything.whatever'],
  ],
  'a package that is nowhere is an error all the same': [
    ['import "not-installed-anywhere"', { error: /^TypeScriptError: Cannot find module/ }],
    ['import "npm:no-such-package"', { error: /^PackageError: .*no such package/, stderr: /^Installing/ }],
    ['import "https://esm.sh/x"', { error: /^PackageError: .*web addresses/ }],
  ],
};

describeCells('typed packages in a project', claims, { 'package.json': '{}' }, () => registry.environment);
describeCells('typed packages without a project', claims, { 'x.txt': '' }, () => registry.environment);
