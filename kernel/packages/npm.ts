/** The npm command: where it is, how it is called, and what its errors mean. */
import { existsSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { PackageError } from './error.ts';

/** What running npm needs of the session. */
export interface NpmServices {
  /** Runs `node ARGS` in a folder to its end and resolves to the exit code. The signal interrupts it. */
  run(
    this: void,
    args: readonly string[],
    folder: string,
    print: (text: string, stream: 'stdout' | 'stderr') => void,
  ): Promise<number>;
  print(this: void, text: string, stream: 'stdout' | 'stderr'): void;
  readonly signal: AbortSignal;
}

const CLI = join('node_modules', 'npm', 'bin', 'npm-cli.js');

/**
 * The program behind `npm`, to be run by this very node: without a shell nothing in an argument means
 * anything but itself, and Windows' npm.cmd needs one. The npm that came with the running node is
 * preferred; on PATH there may be another node's.
 * @throws PackageError when there is none
 */
export function findNpm(execPath: string = process.execPath, path: string = pathVariable()): string {
  const folder = dirname(execPath);
  // The installers for Windows put npm beside node, all others into ../lib.
  const own = [join(folder, CLI), join(folder, '..', 'lib', CLI)];
  const onPath = path
    .split(delimiter)
    .filter((each) => each !== '')
    .flatMap((each) => [
      realProgram(join(each, 'npm')),
      // What a wrapper script in the same folder would call.
      join(each, CLI),
      join(each, '..', 'lib', CLI),
    ]);
  const found = [...own, ...onPath].find((file) => file?.endsWith('npm-cli.js') && existsSync(file));
  if (found !== undefined) return found;
  throw new PackageError(
    `npm was not found, neither beside ${execPath} nor on PATH. Install it (it comes with Node from nodejs.org), or add its folder to PATH, and restart the kernel.`,
  );
}

function pathVariable(): string {
  const name = Object.keys(process.env).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH';
  return process.env[name] ?? '';
}

/** What a link to the program leads to; undefined when there is none. */
function realProgram(link: string): string | undefined {
  try {
    return realpathSync(link);
  } catch {
    return undefined;
  }
}

/** Nobody waits a minute and more, npm's own times, to hear that the network is down. */
const IMPATIENCE = ['--fetch-retries=2', '--fetch-retry-mintimeout=500', '--fetch-retry-maxtimeout=2000'];

/**
 * Runs one npm command in a folder. Its output is streamed, but for its report of an error, which
 * becomes the PackageError that is thrown.
 * @param command `install`, with the options that are the command's own
 * @param names what the command is about; nothing in it is taken for an option
 * @param doing what is being done, for the error: `install lodash into /home/…`
 */
export async function runNpm(
  command: readonly string[],
  names: readonly string[],
  folder: string,
  doing: string,
  services: NpmServices,
): Promise<void> {
  const npm = findNpm();
  const report = new ErrorReport(services.print);
  // What it says is read, whatever the user's settings, or an `npm --silent` that this runs under, ask for.
  const args = [
    npm,
    ...command,
    '--no-fund',
    '--no-audit',
    '--no-update-notifier',
    '--no-progress',
    '--loglevel=notice',
  ];
  const exitCode = await services.run(
    [...args, '--color=false', ...IMPATIENCE, ...(names.length > 0 ? ['--', ...names] : [])],
    folder,
    (text, stream) => report.take(text, stream),
  );
  report.end();
  services.signal.throwIfAborted();
  if (exitCode !== 0) throw new PackageError(`Cannot ${doing}: ${report.reason(exitCode)}`);
}

/** Parts npm's output: `npm error` lines are kept for the error, the others go on as they come. */
class ErrorReport {
  readonly #print: NpmServices['print'];
  readonly #errors: string[] = [];
  #rest = '';

  constructor(print: NpmServices['print']) {
    this.#print = print;
  }

  take(text: string, stream: 'stdout' | 'stderr'): void {
    if (stream === 'stdout') {
      // npm begins its summary with an empty line.
      if (text.trim() !== '') this.#print(text.replace(/^\n+/, ''), 'stdout');
      return;
    }
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#line(line);
  }

  end(): void {
    if (this.#rest !== '') this.#line(this.#rest);
    this.#rest = '';
  }

  #line(line: string): void {
    // npm up to version 10.2 wrote `npm ERR!`.
    const error = /^npm (?:error|ERR!) ?(.*)$/.exec(line.trimEnd());
    if (error) this.#errors.push(error[1] ?? '');
    // Its complaints about the user's own settings have nothing to do with the notebook.
    else if (line.trim() !== '' && !/^npm warn Unknown \w+ config/i.test(line)) {
      this.#print(`${line}\n`, 'stderr');
    }
  }

  reason(exitCode: number): string {
    const code = this.#errors.map((line) => /^code (\S+)/.exec(line)?.[1]).find((each) => each) ?? '';
    const text = this.#errors
      .filter((line) => !/^(?:code|errno|syscall|path|dest) |^A complete log|_logs|^$/.test(line))
      .join('\n');
    return explain(code, text) ?? (text === '' ? `npm ended with exit code ${exitCode}.` : text);
  }
}

const OFFLINE =
  /^(?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|EHOSTUNREACH|E?TIMEDOUT|ERR_SOCKET_TIMEOUT|ENOTCACHED)$/;

/** npm's error codes in words that say what to do; undefined for those that npm explains well itself. */
function explain(code: string, text: string): string | undefined {
  const [url = 'the registry'] = /https?:\/\/[^\s,]+/.exec(text) ?? [];
  if (OFFLINE.test(code)) {
    return `${url} cannot be reached (${code}). Check the connection, the proxy and \`npm config get registry\`, then run the cell again.`;
  }
  switch (code) {
    case 'E404':
      return `there is no such package (404 for ${url}). Check the spelling.`;
    case 'ETARGET': {
      const version = /No matching version found for (\S+?)\.?(?:\s|$)/.exec(text)?.[1];
      const name = version?.replace(/(?!^)@.*$/, '');
      return name === undefined
        ? undefined
        : `there is no version ${version}. \`!npm view ${name} versions\` lists those that there are.`;
    }
    case 'EINVALIDPACKAGENAME':
    case 'EINVALIDTAGNAME':
      return `${text.split('\n')[0]} Write name or name@version.`;
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return `the folder may not be written to (${code}).`;
    case 'ERESOLVE':
      return `the packages do not agree on a version.\n${text}`;
    default:
      return undefined;
  }
}
