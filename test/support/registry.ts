/** An npm registry on loopback, with packages made on the fly: installations are fast, and need no network. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { findNpm } from '../../kernel/packages/npm.ts';

/** Files by name; package.json must say name and version. */
export type PackageFiles = Readonly<Record<string, string>>;

interface Published {
  readonly manifest: Readonly<Record<string, unknown>>;
  readonly tarball: Buffer;
}

export class Registry {
  /** The paths that were asked for. */
  readonly requests: string[] = [];
  readonly #packages = new Map<string, Published[]>();
  readonly #server: Server;
  readonly #folder: string;
  /** Answers nothing any more: a registry that stalls. */
  isSilent = false;

  private constructor(folder: string) {
    this.#folder = folder;
    this.#server = createServer((request, response) => {
      const url = decodeURIComponent(request.url ?? '');
      this.requests.push(url);
      if (this.isSilent) return;
      const answer = this.#answer(url);
      response.statusCode = answer === undefined ? 404 : 200;
      response.setHeader(
        'content-type',
        Buffer.isBuffer(answer) ? 'application/octet-stream' : 'application/json',
      );
      response.end(Buffer.isBuffer(answer) ? answer : JSON.stringify(answer ?? { error: 'not found' }));
    });
  }

  static async start(): Promise<Registry> {
    const registry = new Registry(await mkdtemp(path.join(tmpdir(), 'tsloop-registry-')));
    await new Promise<void>((resolve) => registry.#server.listen(0, '127.0.0.1', resolve));
    return registry;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  /** For npm and the kernel: this registry, and an npm cache and a package cache of the test's own. */
  get environment(): Record<string, string> {
    return {
      npm_config_registry: this.url,
      npm_config_cache: path.join(this.#folder, 'npm-cache'),
      TSLOOP_CACHE: this.cache,
    };
  }

  /** The folder that TSLOOP_CACHE names. */
  get cache(): string {
    return path.join(this.#folder, 'cache');
  }

  async publish(files: PackageFiles): Promise<void> {
    const manifest = JSON.parse(files['package.json'] ?? '') as { name: string; version: string };
    const source = await mkdtemp(path.join(this.#folder, 'source-'));
    for (const [name, text] of Object.entries(files)) {
      const file = path.join(source, name);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, text);
    }
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [findNpm(), 'pack', '--json', '--ignore-scripts', '--no-update-notifier'],
      { cwd: source, env: { ...process.env, ...this.environment } },
    );
    const [packed] = JSON.parse(stdout) as Array<{ filename: string }>;
    const tarball = await readFile(path.join(source, packed?.filename ?? ''));
    const versions = this.#packages.get(manifest.name) ?? [];
    this.#packages.set(manifest.name, [...versions, { manifest, tarball }]);
  }

  #answer(url: string): Buffer | object | undefined {
    const [, name = '', version] = /^\/((?:@[^/]+\/)?[^/]+)(?:\/-\/(.+)\.tgz)?$/.exec(url) ?? [];
    const published = this.#packages.get(name);
    if (published === undefined) return undefined;
    if (version !== undefined) return published.find((each) => each.manifest['version'] === version)?.tarball;
    const versions = published.map(({ manifest, tarball }) => [
      String(manifest['version']),
      {
        ...manifest,
        dist: {
          tarball: `${this.url}${name}/-/${String(manifest['version'])}.tgz`,
          integrity: `sha512-${createHash('sha512').update(tarball).digest('base64')}`,
        },
      },
    ]);
    return {
      name,
      'dist-tags': { latest: versions.at(-1)?.[0] },
      versions: Object.fromEntries(versions) as object,
    };
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
