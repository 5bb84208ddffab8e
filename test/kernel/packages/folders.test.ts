import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { besideFolder, cacheFolder, packageFolder, projectFolder } from '../../../kernel/packages/folders.ts';
import { findInstalled, findPackage, installTarget } from '../../../kernel/packages/installed.ts';
import { parseNpmSpecifier } from '../../../kernel/packages/specifier.ts';

/** A folder of the test's own; `home` in it is the home folder, `cache` the cache. */
function inFolders(): () => string {
  const names = ['HOME', 'USERPROFILE', 'TSLOOP_CACHE', 'XDG_CACHE_HOME', 'LOCALAPPDATA'];
  const before_ = Object.fromEntries(names.map((name) => [name, process.env[name]]));
  let folder = '';
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'tsloop-folders-')));
    for (const name of names) delete process.env[name];
    process.env['HOME'] = process.env['USERPROFILE'] = join(folder, 'home');
    process.env['TSLOOP_CACHE'] = join(folder, 'cache');
    mkdirSync(join(folder, 'home', 'project', 'deep', 'deeper'), { recursive: true });
  });
  afterEach(() => {
    for (const [name, value] of Object.entries(before_)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    rmSync(folder, { recursive: true });
  });
  return () => folder;
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function install(folder: string, name: string, version: string): void {
  write(join(folder, 'node_modules', name, 'package.json'), JSON.stringify({ name, version }));
}

describe('the folder of packages', () => {
  const folder = inFolders();

  it('is that of the nearest package.json, upwards', () => {
    const project = join(folder(), 'home', 'project');
    writeFileSync(join(project, 'package.json'), '{}');
    assert.equal(packageFolder(join(project, 'deep', 'deeper')), project);
    writeFileSync(join(project, 'deep', 'package.json'), '{}');
    assert.equal(packageFolder(join(project, 'deep', 'deeper')), join(project, 'deep'));
  });

  it('is not above the home folder', () => {
    writeFileSync(join(folder(), 'package.json'), '{}');
    assert.equal(projectFolder(join(folder(), 'home', 'project')), undefined);
    writeFileSync(join(folder(), 'home', 'package.json'), '{}');
    assert.equal(projectFolder(join(folder(), 'home', 'project')), join(folder(), 'home'));
  });

  it('is in the cache without a package.json, one for each folder', () => {
    const one = packageFolder(join(folder(), 'home', 'project'));
    const other = packageFolder(join(folder(), 'home', 'project', 'deep'));
    assert.ok(one.startsWith(join(folder(), 'cache', 'notebooks', 'project-')), one);
    assert.notEqual(one, other);
    assert.equal(packageFolder(join(folder(), 'home', 'project')), one);
  });

  it('is in the cache of the system', () => {
    delete process.env['TSLOOP_CACHE'];
    const expected: Record<string, string> = {
      darwin: 'home/Library/Caches/tsloop',
      win32: 'home/AppData/Local/tsloop/Cache',
    };
    assert.equal(cacheFolder(), join(folder(), expected[process.platform] ?? 'home/.cache/tsloop'));
  });

  it('heeds XDG_CACHE_HOME, if it is absolute', function () {
    if (process.platform === 'win32' || process.platform === 'darwin') this.skip();
    delete process.env['TSLOOP_CACHE'];
    process.env['XDG_CACHE_HOME'] = join(folder(), 'xdg');
    assert.equal(cacheFolder(), join(folder(), 'xdg', 'tsloop'));
    process.env['XDG_CACHE_HOME'] = 'xdg';
    assert.equal(cacheFolder(), join(folder(), 'home', '.cache', 'tsloop'));
  });
});

describe('a package that is installed', () => {
  const folder = inFolders();
  const found = (specifier: string): string | undefined => {
    const { folder: where, version } =
      findInstalled(parseNpmSpecifier(specifier), join(folder(), 'home', 'project', 'deep')) ?? {};
    return where === undefined ? undefined : `${where.slice(folder().length + 1)} ${version}`;
  };
  const target = (specifier: string): string =>
    installTarget(parseNpmSpecifier(specifier), join(folder(), 'home', 'project', 'deep'));

  it('is found upwards, when its version fits', () => {
    install(join(folder(), 'home', 'project'), 'x', '1.2.3');
    const where = `${join('home', 'project')} 1.2.3`;
    for (const each of ['npm:x', 'npm:x@1', 'npm:x@^1.2', 'npm:x@1.2.3', 'npm:x@latest', 'npm:x@*/sub']) {
      assert.equal(found(each), where, each);
    }
    for (const each of ['npm:x@2', 'npm:x@1.2.4', 'npm:y', 'npm:x@next'])
      assert.equal(found(each), undefined, each);
  });

  it("is found in the notebook's cache", () => {
    const cwd = join(folder(), 'home', 'project', 'deep');
    install(packageFolder(cwd), 'x', '1.2.3');
    assert.equal(findPackage('x', cwd)?.folder, packageFolder(cwd));
    assert.equal(findInstalled(parseNpmSpecifier('npm:x@1'), cwd)?.version, '1.2.3');
  });

  it('is none when its package.json is missing or torn', () => {
    mkdirSync(join(folder(), 'home', 'project', 'node_modules', 'x'), { recursive: true });
    assert.equal(found('npm:x'), undefined);
    write(join(folder(), 'home', 'project', 'node_modules', 'x', 'package.json'), '{ "vers');
    assert.equal(found('npm:x'), undefined);
  });

  it('goes beside a project that holds another version, and is found there', () => {
    install(join(folder(), 'home', 'project'), 'x', '1.2.3');
    assert.equal(target('npm:x@2'), besideFolder('x@2'));
    install(besideFolder('x@2'), 'x', '2.0.0');
    assert.equal(found('npm:x@2'), `${besideFolder('x@2').slice(folder().length + 1)} 2.0.0`);
    assert.equal(found('npm:x@1'), `${join('home', 'project')} 1.2.3`);
  });

  it('goes to the project otherwise, but for a tag: that names another version tomorrow', () => {
    writeFileSync(join(folder(), 'home', 'project', 'package.json'), '{}');
    assert.equal(target('npm:x@2'), join(folder(), 'home', 'project'));
    assert.equal(target('npm:x@next'), besideFolder('x@next'));
  });
});
