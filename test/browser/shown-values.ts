/** The cells of the notebook that test/browser/shown-values.test.ts looks at: one of each kind of value. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { linkPackages } from '../support/packages.ts';
import { LIBRARY_CELLS } from './library-values.ts';

const svg = `<svg width="200" height="60" fill="currentColor"><rect x="1" y="1" width="198" height="58" fill="none" stroke="currentColor"/><circle cx="40" cy="30" r="20" fill="steelblue"/><text x="80" y="35">a chart</text></svg>`;

/** Name → code. */
export const CELLS: Readonly<Record<string, string>> = {
  records: `const cities = Array.from({ length: 1000 }, (_, i) => ({
  id: i, name: ['Oslo', 'Lima', 'Pune'][i % 3], area: i / 7, capital: i % 2 === 0, since: new Date(i * 1e10), note: i % 5 === 0 ? null : { i } }));
cities`,
  columns: `({ year: [2020, 2021, 2022], rain: Float64Array.from([1.5, 2.25, 0]), wet: [true, true, null] })`,
  tree: `const config = { name: 'server', ports: [80, 443], tls: { on: true, files: { key: 'a.pem', chain: ['b.pem', 'c.pem'] } }, seen: new Map([['a', new Set([1, 2])]]), big: 12n, nothing: null, re: /a+/g };
config`,
  numbers: `Float64Array.from({ length: 60 }, (_, i) => Math.sin(i / 10))`,
  matrix: `[[1, 0, 0.5], [0, 1, 0.25], [0, 0, 1]]`,
  bytes: `Buffer.from('Bytes are shown as numbers and as text: <ok>')`,
  picture: `const pixel = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
display.png(pixel, { width: 80, height: 40, alt: 'a green area' });
pixel`,
  chart: `({ nodeType: 1, tagName: 'svg', outerHTML: ${JSON.stringify(svg)} })`,
  vega: `({ $schema: 'https://vega.github.io/schema/vega-lite/v5.json', width: 200, height: 80,
  data: { values: [{ a: 'x', b: 3 }, { a: 'y', b: 7 }] }, mark: 'bar', encoding: { x: { field: 'a' }, y: { field: 'b', type: 'quantitative' } } })`,
  jsx: `const Item = ({ name }: { name: string }) => <li><b style={{ color: 'seagreen' }}>{name}</b> &lt;escaped&gt;</li>;
const list = <ul><Item name="one" /><Item name="two" /></ul>;
list`,
  error: `Object.assign(new RangeError('too much', { cause: new TypeError('of what') }), { limit: 5 })`,
  small: `display(new URL('https://tsloop.example/guide?page=2')); display(new Date(0)); display(Promise.resolve({ ready: true }));
display(new Promise(() => {})); display(new Set(['a', 'b'])); display(async function load(url: string, { retries = 3 } = {}) { return [url, retries] })`,
  forms: `display.markdown('**bold** and $x^2$'); display.latex('e^{i\\\\pi} = -1'); display.json({ a: [1, 2] }, { expanded: true }); display.html('<b id="asked">asked for</b>');
const counter = display('before'); counter.update('after')`,
  variables: `%whos`,
  hostile: `// @ts-nocheck
const attack = '<img src=x onerror="globalThis.pwned=1"><script>globalThis.pwned=1</script>';
display([{ [attack]: attack }, { [attack]: attack }]);
display({ [attack]: { [attack]: attack }, list: [attack] });
display(new Error(attack, { cause: attack })); display(new Map([[attack, attack]])); display(Object.defineProperty(() => 1, 'name', { value: attack }));
display({ nodeType: 1, tagName: 'b', outerHTML: attack }); display(<p dangerouslySetInnerHTML={{ __html: attack }} />); display(<a href="javascript:globalThis.pwned=1">{attack}</a>);
display(new URL('javascript:globalThis.pwned=1')); display(attack)`,
  // Up to here there is no package: what is shown is what the kernel does alone.
  packages: '%cd with-packages',
  ...LIBRARY_CELLS,
  fine: `'all cells have run'`,
};

/** Makes the folder that the cells of libraries work in. */
export async function addPackages(folder: string): Promise<void> {
  const project = path.join(folder, 'with-packages');
  await mkdir(project);
  await linkPackages(project);
}

/** Kind → what its plain text has, where a viewer shows no HTML. */
export const PLAIN_TEXTS: Readonly<Record<string, RegExp>> = {
  records:
    /^ {6}0 +0 {2}Oslo +0 {2}true +1970-01-01T00:00:00.000Z {2}null\n[^]*^ {4}1,000 rows × 6 columns$/m,
  tree: /^ {6}seen: Map\(1\) \{ 'a' => Set\(2\) \{ 1, 2 \} \},$/m,
  'a typed array': /^ {4}Float64Array\(60\) \[\n +0, +0\.0998/m,
  'a matrix': /^ {4}\[ \[ 1, 0, 0\.5 \], \[ 0, 1, 0\.25 \], \[ 0, 0, 1 \] \]$/m,
  bytes: /^ {4}<Buffer 42 79 74 65 73/m,
  JSX: /^ {4}one <escaped>\n {4}two <escaped>$/m,
  'an error': /^ {4}RangeError: too much\n[^]*limit: 5,\n {6}\[cause\]: TypeError: of what$/m,
  'an address': /^ {6}href: 'https:\/\/tsloop\.example\/guide\?page=2',$/m,
  'a date': /^ {4}1970-01-01T00:00:00\.000Z$/m,
  promises: /^ {4}Promise \{ \{ ready: true \} \}\n[^]*^ {4}Promise \{ <pending> \}$/m,
  'a set': /^ {4}Set\(2\) \{ 'a', 'b' \}$/m,
  'a function': /^ {4}\[AsyncFunction: load\]$/m,
  variables: /^ {5}cities {2}\{ id: number; name: string; [^\n]* 1,000 elements {2}\[/m,
  Arrow:
    /^ {5}1 {2}Lima {2}12\.5 {2}2024-01-02T00:00:00\.000Z {2}\[1, 12\.5\] +1\.00 {2}\{at: 1, name: 'Lima'\}$/m,
  Polars: /^ {5}1 {2}Lima {2}12\.5 {2}2024-01-02T00:00:00\.000Z {2}false {2}\[1, 12\.5\]$/m,
  Danfo: /^ {5}day 1 {2}Lima {2}12\.5 {2}2024-01-02T00:00:00\.000Z {2}false$/m,
  Arquero: /^ {4}0 {2}Pune {2}62\.765 {4}20$/m,
  'ml-matrix': /^ {4}Matrix \{\n {6}\[\n {8}0\.333333 0/m,
  React: /^ {4}By <React>\n {4}with hooks × 3$/m,
};
