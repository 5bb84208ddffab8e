import assert from 'node:assert/strict';
import type { FileState } from '../../../kernel/modules/files.ts';
import type { Autoreload } from '../../../kernel/modules/request.ts';
import { withoutVersions, withVersion, versionOf } from '../../../kernel/modules/version-url.ts';
import { ModuleVersions } from '../../../kernel/modules/versions.ts';

/** Files in memory, with what each imports, and the imports that Node would make for a cell's. */
class Program {
  readonly contents = new Map<string, string>();
  readonly imports: Record<string, readonly string[]>;
  /** Files whose state was asked for. */
  reads = 0;
  readonly #versions: ModuleVersions;
  readonly #loaded = new Set<string>();

  constructor(imports: Record<string, readonly string[]>) {
    this.imports = imports;
    for (const path of Object.keys(imports)) this.contents.set(path, 'as it was');
    this.#versions = new ModuleVersions((path): FileState | undefined => {
      this.reads += 1;
      const content = this.contents.get(path);
      return content === undefined ? undefined : { stamp: undefined, content };
    });
  }

  /** Imports a file from a cell. Returns the versions of what was loaded for it. */
  import(
    path: string,
    options: { autoreload?: Autoreload; stale?: string[]; retry?: boolean } = {},
  ): Record<string, number> {
    const { autoreload = 'on', stale = [], retry = false } = options;
    this.#versions.begin({ autoreload, stale, folder: '/work' });
    const loaded: Record<string, number> = {};
    const load = (file: string, version: number): void => {
      // Node loads a URL once.
      if (this.#loaded.has(`${file}?${version}`)) return;
      this.#loaded.add(`${file}?${version}`);
      loaded[file] = version;
      for (const next of this.imports[file] ?? [])
        load(next, this.#versions.use(next, { path: file, version }));
    };
    load(path, this.#versions.use(path, undefined, retry));
    return loaded;
  }

  fail(path: string): void {
    this.#versions.failed({ path, version: undefined });
  }
}

const chain = {
  '/work/a.ts': ['/work/b.ts', '/work/other.ts'],
  '/work/b.ts': ['/work/c.ts'],
  '/work/c.ts': [],
  '/work/other.ts': [],
};

describe('the versions of local modules', () => {
  it('are the files themselves until something changes, however often they are imported', () => {
    const program = new Program(chain);
    assert.deepEqual(program.import('/work/a.ts'), {
      '/work/a.ts': 0,
      '/work/b.ts': 0,
      '/work/c.ts': 0,
      '/work/other.ts': 0,
    });
    assert.deepEqual(program.import('/work/a.ts'), {});
  });

  it('are new for what has changed and for all that import it, and for nothing else', () => {
    const program = new Program(chain);
    program.import('/work/a.ts');
    program.contents.set('/work/c.ts', 'new');
    assert.deepEqual(Object.keys(program.import('/work/a.ts')), ['/work/a.ts', '/work/b.ts', '/work/c.ts']);
    assert.deepEqual(program.import('/work/a.ts'), {});
  });

  it('are new for who still has the old one, when another import has taken the new one', () => {
    const program = new Program(chain);
    program.import('/work/a.ts');
    program.contents.set('/work/c.ts', 'new');
    assert.deepEqual(Object.keys(program.import('/work/c.ts')), ['/work/c.ts']);
    assert.deepEqual(Object.keys(program.import('/work/a.ts')), ['/work/a.ts', '/work/b.ts']);
  });

  it('are agreed upon in a circle', () => {
    const program = new Program({ '/work/a.ts': ['/work/b.ts'], '/work/b.ts': ['/work/a.ts'] });
    program.import('/work/a.ts');
    program.contents.set('/work/b.ts', 'new');
    assert.deepEqual(Object.keys(program.import('/work/a.ts')).sort(), ['/work/a.ts', '/work/b.ts']);
    assert.deepEqual(program.import('/work/b.ts'), {});
  });

  it('are new for what is gone, and when it comes back', () => {
    const program = new Program(chain);
    program.import('/work/b.ts');
    program.contents.delete('/work/c.ts');
    assert.deepEqual(Object.keys(program.import('/work/b.ts')), ['/work/b.ts', '/work/c.ts']);
    program.contents.set('/work/c.ts', 'as it was');
    assert.deepEqual(Object.keys(program.import('/work/b.ts')), ['/work/b.ts', '/work/c.ts']);
  });

  it('are new after a failure, though nothing has changed', () => {
    const program = new Program(chain);
    program.import('/work/a.ts');
    program.fail('/work/b.ts');
    assert.deepEqual(Object.keys(program.import('/work/a.ts')), ['/work/a.ts', '/work/b.ts']);
    assert.deepEqual(Object.keys(program.import('/work/b.ts', { retry: true })), ['/work/b.ts']);
  });

  it('are new for what is said to be stale, and who imports it', () => {
    const program = new Program(chain);
    program.import('/work/a.ts');
    assert.deepEqual(Object.keys(program.import('/work/a.ts', { stale: ['/work/other.ts', '/elsewhere'] })), [
      '/work/a.ts',
      '/work/other.ts',
    ]);
  });

  it('stay as they are outside of the working directory, unless all are followed, and when none is', () => {
    const program = new Program({ '/work/a.ts': ['/lib/b.ts'], '/lib/b.ts': [] });
    program.import('/work/a.ts');
    program.contents.set('/lib/b.ts', 'new');
    program.contents.set('/work/a.ts', 'new');
    assert.deepEqual(program.import('/work/a.ts', { autoreload: 'off' }), {});
    assert.deepEqual(Object.keys(program.import('/work/a.ts')), ['/work/a.ts']);
    assert.deepEqual(Object.keys(program.import('/work/a.ts', { autoreload: 'all' })), [
      '/work/a.ts',
      '/lib/b.ts',
    ]);
  });

  it('are found by one look at each file for each import of a cell', () => {
    const wide = Array.from({ length: 30 }, (_, i) => `/work/${i}.ts`);
    const program = new Program({
      '/work/a.ts': wide,
      ...Object.fromEntries(wide.map((path) => [path, wide.filter((other) => other > path)])),
    });
    program.import('/work/a.ts');
    program.reads = 0;
    program.import('/work/a.ts');
    assert.equal(program.reads, 31);
  });
});

describe('the version in a URL', () => {
  it('is added to what it says already, and taken away for the user', () => {
    for (const url of ['file:///a.ts', 'file:///a.ts?x=1', 'file:///a.ts#part', 'file:///a.ts?x#part']) {
      assert.equal(withVersion(url, 0), url);
      assert.equal(versionOf(withVersion(url, 12)), 12);
      assert.equal(withoutVersions(withVersion(url, 12)), url);
    }
    assert.equal(versionOf('file:///a.ts?x=1'), 0);
  });
});
