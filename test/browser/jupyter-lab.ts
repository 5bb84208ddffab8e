/** A JupyterLab server of the test's own: private folders, a free port, a random token, no network. */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { cp, mkdir, realpath, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { makeJupyterHome, repository } from '../support/jupyter-home.ts';
import { python } from '../support/python.ts';

export interface JupyterLab {
  /** Address of a page of JupyterLab, with the token: `lab`, `lab/tree/FILE`. */
  url(page: string): string;
  /** The private copy of notebooks/. */
  readonly notebooks: string;
  /** The environment of Jupyter's other programs that are to keep to the server's folders. */
  readonly env: Readonly<Record<string, string>>;
  /** Whether a page is connected to this notebook's kernel, and the kernel waits for work. */
  kernelConnected(notebook: string): Promise<boolean>;
  /** Ends all kernels that notebooks have started. */
  endSessions(): Promise<void>;
  /** Ends the server and its kernels, and removes its folders. */
  stop(): Promise<void>;
}

/** Source: https://jupyter-server.readthedocs.io/en/latest/developers/rest-api.html, GET /api/sessions */
interface Session {
  readonly id: string;
  readonly path: string;
  readonly kernel: { readonly connections: number; readonly execution_state: string } | null;
}

/** Settings that keep JupyterLab from asking the internet, and let the page show all that is tested. */
const settings: Readonly<Record<string, object>> = {
  '@jupyterlab/apputils-extension/notification': { fetchNews: 'false', checkForUpdates: false },
  // Every cell in the page, also those that are scrolled away.
  '@jupyterlab/notebook-extension/tracker': { windowingMode: 'none' },
  // Beside the list of completions: signature and documentation of the one that is selected.
  '@jupyterlab/completer-extension/manager': { showDocumentationPanel: true },
};

/** @throws {Error} with the server's own log when it does not come up. */
export async function startJupyterLab(): Promise<JupyterLab> {
  const jupyter = await makeJupyterHome();
  // On macOS the temporary folder is reached by a symbolic link, which Jupyter's contents service resolves.
  const home = await realpath(jupyter.folder);
  const notebooks = path.join(home, 'notebooks');
  await cp(path.join(repository, 'notebooks'), notebooks, { recursive: true });
  for (const [plugin, values] of Object.entries(settings)) {
    const file = path.join(home, 'settings', `${plugin}.jupyterlab-settings`);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, JSON.stringify(values));
  }

  const port = await freePort();
  const token = randomUUID();
  const args = [
    '-m',
    'jupyterlab',
    '--no-browser',
    '--LabApp.extension_manager=readonly',
    '--ServerApp.ip=127.0.0.1',
    `--ServerApp.port=${port}`,
    '--ServerApp.port_retries=0',
    `--ServerApp.root_dir=${notebooks}`,
    ...(process.getuid?.() === 0 ? ['--allow-root'] : []),
  ];
  const child = spawn(python(), args, {
    cwd: notebooks,
    env: {
      ...process.env,
      ...jupyter.env,
      JUPYTER_TOKEN: token,
      JUPYTERLAB_SETTINGS_DIR: path.join(home, 'settings'),
      JUPYTERLAB_WORKSPACES_DIR: path.join(home, 'workspaces'),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data: Buffer) => (log = (log + data.toString()).slice(-8000)));
  child.on('error', (error) => (log += error.message));
  const kill = (): void => void child.kill('SIGKILL');
  process.on('exit', kill);
  const at = `http://127.0.0.1:${port}`;
  const stop = async (): Promise<void> => {
    await end(child, at, token);
    process.off('exit', kill);
    await jupyter.remove();
  };
  try {
    await answers(child, `${at}/api/status?token=${token}`);
  } catch (error) {
    await stop();
    throw new Error(`JupyterLab did not start (${String(error)}); its log ends with:\n${log}`, {
      cause: error,
    });
  }
  const kernelConnected = async (notebook: string): Promise<boolean> => {
    const response = await fetch(`${at}/api/sessions?token=${token}`);
    const sessions = (await response.json()) as readonly Session[];
    return sessions.some(
      ({ path: file, kernel }) =>
        file === notebook && kernel !== null && kernel.connections > 0 && kernel.execution_state === 'idle',
    );
  };
  const endSessions = async (): Promise<void> => {
    const response = await fetch(`${at}/api/sessions?token=${token}`);
    for (const { id } of (await response.json()) as readonly Session[])
      await fetch(`${at}/api/sessions/${id}?token=${token}`, {
        method: 'DELETE',
        headers: { Authorization: `token ${token}` },
      });
  };
  return {
    url: (page) => `${at}/${page}?token=${token}`,
    notebooks,
    env: jupyter.env,
    kernelConnected,
    endSessions,
    stop,
  };
}

async function answers(child: ChildProcess, url: string): Promise<void> {
  // JupyterLab's first start on a loaded machine takes some ten seconds.
  const limit = 90;
  for (const deadline = Date.now() + limit * 1000; Date.now() < deadline;) {
    if (child.exitCode !== null || child.pid === undefined)
      throw new Error(`it ended with exit code ${child.exitCode}`);
    const response = await fetch(url).catch(() => undefined);
    await response?.body?.cancel();
    if (response?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`it gave no answer within ${limit} s`);
}

/** By its own API, so that it ends its kernels first; by signal if it does not listen to that. */
async function end(child: ChildProcess, at: string, token: string): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await fetch(`${at}/api/shutdown`, { method: 'POST', headers: { Authorization: `token ${token}` } }).catch(
    () => undefined,
  );
  const timer = setTimeout(() => child.kill('SIGKILL'), 20_000);
  await ended;
  clearTimeout(timer);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== 'object' || address === null) throw new Error('no free port');
  return address.port;
}
