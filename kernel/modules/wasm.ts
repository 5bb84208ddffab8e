/**
 * A WebAssembly file as a module, after the proposal for ES module integration
 * (https://github.com/WebAssembly/esm-integration): what it imports is imported, it is instantiated, and
 * its exports are the module's, mutable globals as they are. As bundlers do, the default export is the
 * object of all exports, unless the file exports a `default` itself.
 */
import { readFileSync } from 'node:fs';

/** What is used of it: TypeScript has its types among those of browsers only. */
declare const WebAssembly: {
  readonly Module: {
    new (bytes: Uint8Array): object;
    imports(module: object): Array<{ readonly module: string }>;
    exports(module: object): Array<{ readonly name: string }>;
  };
  readonly CompileError: ErrorConstructor;
};

/** @throws WebAssembly.CompileError that names the file */
export function wasmModule(path: string): string {
  const module = compileWasm(path);
  const sources = [...new Set(WebAssembly.Module.imports(module).map((each) => each.module))];
  const exported = WebAssembly.Module.exports(module).map(({ name }) => name);
  const imports = sources.map((source, index) => `import * as i${index} from ${JSON.stringify(source)};`);
  const given = sources.map((source, index) => `${JSON.stringify(source)}: i${index}`);
  const bindings = exported.map(
    (name, index) => `const e${index} = unwrap(exports[${JSON.stringify(name)}]);`,
  );
  const names = exported.map((name, index) => `e${index} as ${JSON.stringify(name)}`);
  if (!exported.includes('default')) names.push('exports as default');
  // Immutable globals are seen as their values, as the proposal has it; setting one throws.
  return `
import { readFileSync } from 'node:fs';
${imports.join('\n')}
const module = new WebAssembly.Module(readFileSync(${JSON.stringify(path)}));
const { exports } = new WebAssembly.Instance(module, { ${given.join(', ')} });
function unwrap(value) {
  if (!(value instanceof WebAssembly.Global)) return value;
  try { value.value = value.value; return value; } catch { return value.value; }
}
${bindings.join('\n')}
export { ${names.join(', ')} };
`;
}

function compileWasm(path: string): object {
  try {
    return new WebAssembly.Module(readFileSync(path));
  } catch (error) {
    if (error instanceof WebAssembly.CompileError) error.message += ` (${path})`;
    throw error;
  }
}
