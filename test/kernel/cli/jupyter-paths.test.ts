import assert from 'node:assert/strict';
import { delimiter, join, resolve } from 'node:path';
import {
  dataFolders,
  type Platform,
  prefixDataFolder,
  pythonPrefix,
  userDataFolder,
} from '../../../kernel/commands/jupyter-paths.ts';

const home = join('/', 'home', 'ada');
const at = (platform: NodeJS.Platform, env: Record<string, string> = {}): Platform => ({
  platform,
  env,
  home,
});

describe("Jupyter's folders", () => {
  const rules: ReadonlyArray<readonly [what: string, platform: Platform, folder: string]> = [
    ['Linux', at('linux'), join(home, '.local', 'share', 'jupyter')],
    ['Linux with XDG_DATA_HOME', at('linux', { XDG_DATA_HOME: '/xdg' }), join('/xdg', 'jupyter')],
    [
      'Linux with an empty XDG_DATA_HOME',
      at('linux', { XDG_DATA_HOME: '' }),
      join(home, '.local', 'share', 'jupyter'),
    ],
    ['macOS', at('darwin', { XDG_DATA_HOME: '/xdg' }), join(home, 'Library', 'Jupyter')],
    [
      'macOS with JUPYTER_PLATFORM_DIRS',
      at('darwin', { JUPYTER_PLATFORM_DIRS: '1' }),
      join(home, 'Library', 'Application Support', 'Jupyter'),
    ],
    ['Windows', at('win32', { APPDATA: '/roaming' }), join('/roaming', 'jupyter')],
    ['Windows without APPDATA', at('win32'), join(home, '.jupyter', 'data')],
    [
      'Windows with JUPYTER_PLATFORM_DIRS',
      at('win32', { APPDATA: '/roaming', LOCALAPPDATA: '/local', JUPYTER_PLATFORM_DIRS: '1' }),
      join('/local', 'Jupyter'),
    ],
    [
      'JUPYTER_PLATFORM_DIRS that says no',
      at('darwin', { JUPYTER_PLATFORM_DIRS: '0' }),
      join(home, 'Library', 'Jupyter'),
    ],
    ['JUPYTER_DATA_DIR, anywhere', at('darwin', { JUPYTER_DATA_DIR: '/data' }), resolve('/data')],
  ];
  for (const [what, platform, folder] of rules) {
    it(`of the user follow Jupyter's rules: ${what}`, () => assert.equal(userDataFolder(platform), folder));
  }

  it('are searched in order: JUPYTER_PATH, the user, the environment, the system', () => {
    const env = { JUPYTER_PATH: ['/a', '/b'].join(delimiter), VIRTUAL_ENV: '/venv' };
    assert.deepEqual(dataFolders(at('linux', env)), [
      '/a',
      '/b',
      join(home, '.local', 'share', 'jupyter'),
      prefixDataFolder('/venv'),
      '/usr/local/share/jupyter',
      '/usr/share/jupyter',
    ]);
  });

  it("of --sys-prefix are those of the active environment, virtualenv's before conda's", () => {
    assert.equal(pythonPrefix(at('linux', { VIRTUAL_ENV: '/venv', CONDA_PREFIX: '/conda' })), '/venv');
    assert.equal(pythonPrefix(at('linux', { CONDA_PREFIX: '/conda' })), '/conda');
  });

  it('of --sys-prefix need Python, and say so where there is none', () => {
    assert.throws(
      () => pythonPrefix(at('linux', { PATH: '/nowhere' })),
      /--sys-prefix needs Python.*Use --user/,
    );
  });
});
