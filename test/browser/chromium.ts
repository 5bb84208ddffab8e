/** Headless Chromium that reaches nothing but this machine. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { chromium, type Browser, type BrowserContext } from 'playwright-core';

const quiet = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export async function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: findChromium(),
    // Chromium's sandbox refuses to run as root.
    args: process.getuid?.() === 0 ? [...quiet, '--no-sandbox'] : quiet,
  });
}

/** A page's world of its own; requests that would leave the machine are cut off and listed in `strayed`. */
export async function privateContext(
  browser: Browser,
): Promise<{ context: BrowserContext; strayed: string[] }> {
  // Twice the pixels, so that the picture in the README is sharp.
  const context = await browser.newContext({ viewport: { width: 1280, height: 1000 }, deviceScaleFactor: 2 });
  const strayed: string[] = [];
  await context.route(
    (url) => url.hostname !== '127.0.0.1',
    async (route) => {
      strayed.push(route.request().url());
      await route.abort();
    },
  );
  return { context, strayed };
}

function findChromium(): string {
  const given = process.env['TSLOOP_TEST_CHROMIUM'];
  if (given !== undefined) return given;
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
  const onPath = (process.env['PATH'] ?? '')
    .split(path.delimiter)
    .flatMap((folder) =>
      names.flatMap((name) => [path.join(folder, name), path.join(folder, `${name}.exe`)]),
    );
  const usual = [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    path.join(process.env['PROGRAMFILES'] ?? '', 'Google', 'Chrome', 'Application', 'chrome.exe'),
  ];
  const found = [...onPath, ...usual, chromium.executablePath()].find((file) => existsSync(file));
  if (found === undefined)
    throw new Error('no Chrome or Chromium found: run `npm test`, or set TSLOOP_TEST_CHROMIUM');
  return found;
}
