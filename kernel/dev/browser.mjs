// The Chromium for the browser tests: an installed one, else Playwright's download, else Debian's package.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { withLock } from './lock.mjs';
import { cache, inRepo, isWindows, outputOf, run, runAsProgram, say, SetupError } from './repo.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
/** @type {Partial<Record<NodeJS.Platform, string[]>>} */
const USUAL_PLACES = {
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ],
  win32: ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA']
    .map((name) => process.env[name])
    .filter((folder) => folder !== undefined)
    .map((folder) => path.join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe')),
};

/** Playwright's browsers stay in the clone, as all else that the set-up downloads. */
const PLAYWRIGHT_FOLDER = path.join(cache, 'browsers');

/** @returns {Promise<string>} the path of a Chrome or Chromium that starts */
export async function ensureChromium() {
  return (
    installed() ??
    (await downloaded()) ??
    withLock('browser', async () => {
      const found = (await download()) ?? (await installDebianPackage());
      if (found !== undefined) return found;
      throw new SetupError(
        'no Chrome or Chromium found for the browser tests, and none could be installed: ' +
          'install one and put it on PATH, or name it in CHROME_PATH',
      );
    })
  );
}

function installed() {
  const chosen = process.env['CHROME_PATH'];
  if (chosen !== undefined && chosen !== '') {
    if (starts(chosen)) return chosen;
    throw new SetupError(`CHROME_PATH is ${chosen}, which is no Chrome or Chromium that starts`);
  }
  const onPath = NAMES.flatMap((name) => everyOnPath(isWindows ? `${name}.exe` : name));
  return [...onPath, ...(USUAL_PLACES[process.platform] ?? [])].find(starts);
}

/** @param {string} name */
function everyOnPath(name) {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => path.join(folder, name)).filter((file) => existsSync(file));
}

/** On Windows `chrome --version` opens a window instead of answering. @param {string} file */
function starts(file) {
  return existsSync(file) && (isWindows || outputOf(file, ['--version']) !== undefined);
}

async function downloaded() {
  process.env['PLAYWRIGHT_BROWSERS_PATH'] ??= PLAYWRIGHT_FOLDER;
  const { chromium } = (await import('playwright-core')).default;
  const file = chromium.executablePath();
  return starts(file) ? file : undefined;
}

async function download() {
  say('no Chrome or Chromium found; letting Playwright download one');
  await run(process.execPath, [inRepo('node_modules', 'playwright-core', 'cli.js'), 'install', 'chromium']);
  return downloaded();
}

async function installDebianPackage() {
  if (process.getuid?.() !== 0 || outputOf('apt-get', ['--version']) === undefined) return undefined;
  say("installing Debian's package chromium");
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', ['update', '-qq'], { env });
  await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], { env });
  return everyOnPath('chromium').find(starts);
}

await runAsProgram(import.meta.url, async () => {
  console.log(await ensureChromium());
});
