/** `tsloop doctor`: what is there, whether it works, and what to do where it does not. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findExecutable } from '../typescript/executable.ts';
import { expectNoPositionals, parseOptions } from './arguments.ts';
import type { Command } from './command.ts';
import { dataFolders, thisPlatform } from './jupyter-paths.ts';
import { findKernelspecs, type FoundKernelspec } from './kernelspec.ts';
import { kernelMain, packageFolder, packageVersion } from './package-info.ts';
import { testStart } from './self-test.ts';

/** One line of the report; a problem makes the exit code 1. */
interface Finding {
  readonly ok: boolean;
  readonly text: string;
}

/** Jupyter is Python: on a cold disk its first start takes this long (milliseconds). */
const jupyterPatience = 60_000;

/** The compiler says its version in a moment; one that hangs is found out (milliseconds). */
const typeScriptPatience = 20_000;

async function jupyter(...args: string[]): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)('jupyter', args, {
      timeout: jupyterPatience,
      shell: process.platform === 'win32',
    });
    return stdout.trim();
  } catch {
    return undefined;
  }
}

/** Jupyter itself knows best where it looks; without it, its rules are ours. */
async function searchFolders(): Promise<string[]> {
  const own = dataFolders(thisPlatform());
  const paths = await jupyter('--paths', '--json');
  if (paths === undefined) return own;
  const { data } = JSON.parse(paths) as { data: string[] };
  return [...new Set([...data, ...own])];
}

function jupyterFinding(versions: string | undefined): Finding {
  if (versions === undefined) {
    return {
      ok: true,
      text: 'jupyter    not on PATH; tsloop run works without it, "npm start" in a clone sets it up',
    };
  }
  const wanted = /^(?:jupyterlab|jupyter_client|jupyter_core|nbclient|nbconvert|notebook)\b/;
  const lines = versions.split('\n').filter((line) => wanted.test(line) && !line.endsWith('not installed'));
  return { ok: true, text: `jupyter    ${lines.map((line) => line.replace(/\s*:\s*/, ' ')).join(', ')}` };
}

function kernelspecFinding({ name, folder, spec, missing }: FoundKernelspec): Finding {
  const text = `kernelspec ${name}: "${spec.display_name}" in ${folder}`;
  if (missing.length === 0) return { ok: true, text };
  return {
    ok: false,
    text: `${text}\n               starts ${missing.join(' and ')}, which does not exist (any more). Run "tsloop install" again, or remove the folder`,
  };
}

/** What checks the types of cells. */
async function typeScriptFinding(): Promise<Finding> {
  let program = process.env['TSLOOP_TYPESCRIPT'];
  try {
    program ||= findExecutable();
    const { stdout } = await promisify(execFile)(program, ['--version'], { timeout: typeScriptPatience });
    return { ok: true, text: `typescript ${stdout.trim().replace(/^Version /, '')} in ${program}` };
  } catch (error) {
    const [what] = (error as Error).message.split('\n');
    return {
      ok: false,
      text: `typescript ${what}\n               Cells run, but their types are not checked`,
    };
  }
}

async function startFinding(): Promise<Finding> {
  try {
    const milliseconds = await testStart(kernelMain);
    return {
      ok: true,
      text: `self-test  1+1 is 2, ${milliseconds.toFixed(0)} ms after the start of the kernel`,
    };
  } catch (error) {
    return {
      ok: false,
      text: `self-test  ${(error as Error).message}\n               Reinstall tsloop's dependencies (npm ci) and build it anew (npm run build)`,
    };
  }
}

export const command: Command = {
  help: `Usage: tsloop doctor

Shows the versions and kernelspecs that it finds, and starts a kernel to test that a cell runs.
Exit code 1 when something is broken.
`,
  async run(args) {
    const { positionals } = parseOptions('doctor', args, {});
    expectNoPositionals('doctor', positionals);
    let ok = true;
    const report = (finding: Finding): void => {
      ok &&= finding.ok;
      process.stdout.write(`${finding.ok ? 'ok ' : 'BAD'} ${finding.text}\n`);
    };
    report({ ok: true, text: `tsloop     ${packageVersion()} in ${packageFolder}` });
    report({
      ok: true,
      text: `node       ${process.version} (${process.platform} ${process.arch}) ${process.execPath}`,
    });
    report(await typeScriptFinding());
    const [versions, folders] = await Promise.all([jupyter('--version'), searchFolders()]);
    report(jupyterFinding(versions));
    const kernelspecs = findKernelspecs(folders);
    for (const kernelspec of kernelspecs) report(kernelspecFinding(kernelspec));
    if (kernelspecs.length === 0) {
      report({
        ok: true,
        text: 'kernelspec none of tsloop\'s; "tsloop install" makes the kernel known to Jupyter',
      });
    }
    report(await startFinding());
    return ok ? 0 : 1;
  },
};
