/** The kernels that are compared. Peers are fetched on demand into .cache/bench. */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { KernelSpec } from './kernel.ts';
import { python, typescript, type Snippets } from './snippets.ts';

const root: string = path.join(import.meta.dirname, '..', '..');
export const cache: string = path.join(root, '.cache', 'bench');
/** What `npm ci` has installed. */
export const packages: string = path.join(root, 'node_modules');
/** The Node that kernels run on; the harness itself may run on a copy (run.mjs says why). */
export const node: string = process.env['TSLOOP_BENCH_NODE'] ?? process.execPath;

export interface Candidate {
  readonly name: string;
  readonly version: string;
  readonly spec: KernelSpec;
  readonly snippets: Snippets;
  /** `cells`: only its start and short cells are measured, as it differs from another candidate in nothing else. */
  readonly extent: 'all' | 'cells';
}

const run = promisify(execFile);

const makers: Readonly<Record<string, () => Promise<Candidate>>> = {
  tsloop: () => tsloop('on'),
  'tsloop-warn': () => tsloop('warn'),
  'tsloop-off': () => tsloop('off'),
  deno,
  tslab,
  ipykernel,
};

/** @throws {Error} saying why, when the kernel cannot be had, offline for instance. */
export async function prepare(name: string): Promise<Candidate> {
  const make = makers[name];
  if (make === undefined) throw new Error(`no kernel is called '${name}'`);
  return make();
}

/** @param typecheck whether a cell is checked before it runs (the default), meanwhile, or not at all */
async function tsloop(typecheck: 'on' | 'warn' | 'off'): Promise<Candidate> {
  const main = path.join(root, 'dist', 'kernel', 'main.js');
  if (!existsSync(main)) throw new Error('dist/kernel/main.js is missing: run `npm run build`');
  return {
    name: typecheck === 'on' ? 'tsloop' : `tsloop-${typecheck}`,
    version: version(path.join(root, 'package.json')),
    spec: {
      argv: [node, main, '{connection_file}'],
      interrupt_mode: 'message',
      env: { TSLOOP_TYPECHECK: typecheck },
    },
    snippets: typescript,
    extent: typecheck === 'on' ? 'all' : 'cells',
  };
}

async function deno(): Promise<Candidate> {
  const folder = path.join(cache, 'deno');
  const scope = path.join(folder, 'node_modules', '@deno');
  if (!existsSync(scope)) {
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, 'package.json'), '{ "private": true }\n');
    // The package of the platform carries the binary itself, so no install script is needed.
    await npm(['install', '--ignore-scripts', '--no-audit', '--no-fund', 'deno@^2.9.6'], folder);
  }
  const binary = readdirSync(scope)
    .map((name) => path.join(scope, name, process.platform === 'win32' ? 'deno.exe' : 'deno'))
    .find((file) => existsSync(file));
  if (binary === undefined)
    throw new Error(`no Deno binary for ${process.platform}-${process.arch} in ${scope}`);
  return {
    name: 'deno',
    version: version(path.join(folder, 'node_modules', 'deno', 'package.json')),
    // The arguments that `deno jupyter --install` writes; no interrupt_mode stands in its kernel.json either.
    spec: {
      argv: [binary, 'jupyter', '--kernel', '--conn', '{connection_file}'],
      env: { DENO_NO_UPDATE_CHECK: '1', DENO_DIR: path.join(cache, 'deno-dir') },
    },
    snippets: typescript,
    extent: 'all',
  };
}

async function tslab(): Promise<Candidate> {
  const folder = path.join(packages, 'tslab');
  const program = path.join(folder, 'bin', 'tslab');
  if (!existsSync(program))
    throw new Error('it is a development dependency that is not installed: run `npm ci`');
  return {
    name: 'tslab',
    version: version(path.join(folder, 'package.json')),
    spec: { argv: [node, program, 'kernel', '--config-path={connection_file}'] },
    snippets: typescript,
    extent: 'all',
  };
}

async function ipykernel(): Promise<Candidate> {
  const folder = path.join(cache, 'python');
  const bin = path.join(
    folder,
    ...(process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python']),
  );
  const works = async (): Promise<string> =>
    (await run(bin, ['-c', 'import ipykernel; print(ipykernel.__version__)'])).stdout.trim();
  let found = existsSync(bin) ? await works().catch(() => undefined) : undefined;
  if (found === undefined) {
    await mkdir(cache, { recursive: true });
    await run(process.platform === 'win32' ? 'python' : 'python3', ['-m', 'venv', '--clear', folder]);
    await run(bin, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', 'ipykernel>=7,<8']);
    found = await works();
  }
  return {
    name: 'ipykernel',
    version: found,
    spec: { argv: [bin, '-m', 'ipykernel_launcher', '-f', '{connection_file}'], interrupt_mode: 'signal' },
    snippets: python,
    extent: 'all',
  };
}

function version(packageJson: string): string {
  return String((JSON.parse(readFileSync(packageJson, 'utf8')) as { version?: string }).version);
}

async function npm(args: readonly string[], cwd: string): Promise<void> {
  // npm is a script of the running Node, started so that no shell is needed on Windows either.
  const cli = process.env['npm_execpath'];
  if (cli !== undefined && cli.endsWith('.js')) await run(node, [cli, ...args], { cwd });
  else await run('npm', [...args], { cwd, shell: process.platform === 'win32' });
}
