/** Commands, files and environment variables in `!` lines and in scripts of the shell. */
import { constants } from 'node:fs';
import { access, readdir } from 'node:fs/promises';
import path from 'node:path';
import { commandVariables } from '../../magics/environment.ts';
import { byText, type Candidate, type Completion, distinct, matching } from './candidate.ts';
import { completePath } from './paths.ts';

const isWindows = process.platform === 'win32';

/** The word before the cursor. */
interface Word {
  /** What it means to the shell. */
  readonly value: string;
  /** Its last part as it stands in the text: behind the last slash, or the opening quote. */
  readonly written: string;
  /** The quote that is open at the cursor. */
  readonly quote: string;
  /** Whether it is the name of a command, not one of its arguments. */
  readonly isCommand: boolean;
}

/** @param offset the cursor, at the end of `command` */
export async function completeShell(command: string, offset: number): Promise<Completion> {
  const variable = /\$\{?(\w*)$/.exec(command)?.[1];
  if (variable !== undefined) return completeVariable(variable, offset);
  const word = lastWord(command);
  const quote = word.quote === '' ? escape : (name: string): string => name;
  if (!word.isCommand || /[/\\]/.test(word.value) || word.value.startsWith('~'))
    return completePath(word.value, offset, { quote }, word.written);
  const candidates = word.value === '' ? [] : await commandsLike(word.value);
  return { candidates, start: offset - word.written.length };
}

/** The names of environment variables. */
export function completeVariable(typed: string, offset: number): Completion {
  const names = matching(Object.keys(process.env), typed, (name) => name);
  const candidates = names.map((text): Candidate => ({ text, kind: 'instance' }));
  return { candidates: candidates.sort(byText), start: offset - typed.length };
}

function lastWord(command: string): Word {
  let value = '';
  let from = 0;
  let quote = '';
  // Of the words of this command, those before the last one.
  let words: string[] = [];
  for (let at = 0; at < command.length; at += 1) {
    const char = command[at] ?? '';
    if (quote !== '') {
      if (char === quote) quote = '';
      else value += char;
    } else if (char === '"' || char === "'") {
      quote = char;
      from = at + 1;
      continue;
    } else if (char === '\\' && !isWindows) {
      value += command[(at += 1)] ?? '';
      continue;
    } else if (/[|&;(`\n]/.test(char)) {
      [words, value, from] = [[], '', at + 1];
    } else if (/\s/.test(char) || char === '>' || char === '<') {
      // What follows a redirection is a file.
      if (value !== '' || char === '>' || char === '<') words.push(value);
      [value, from] = ['', at + 1];
    } else {
      value += char;
    }
    if (char === '/' || (isWindows && char === '\\')) from = at + 1;
  }
  // `NAME=value command`, and commands that run another one.
  const isCommand = words.every(
    (word) =>
      /^\w+=/.test(word) || /^(?:sudo|time|exec|nohup|env|if|then|else|elif|do|while|until|!|\{)$/.test(word),
  );
  return { value, written: command.slice(from), quote, isCommand };
}

function escape(name: string): string {
  if (isWindows) return /[\s&()^;,]/.test(name) ? `"${name}"` : name;
  return name.replace(/[^\w./:@%+=,\-~\u0080-\u{10ffff}]/gu, '\\$&');
}

/** What of the folders in PATH can be run. */
async function commandsLike(typed: string): Promise<Candidate[]> {
  const folders = Object.entries({ ...process.env, ...commandVariables() })
    .find(([name]) => name.toUpperCase() === 'PATH')?.[1]
    ?.split(path.delimiter);
  const names = await Promise.all([...new Set(folders)].map((folder) => executables(folder, typed)));
  return distinct(names.flat().map((text): Candidate => ({ text, kind: 'function' }))).sort(byText);
}

async function executables(folder: string, typed: string): Promise<string[]> {
  const names = folder === '' ? [] : await readdir(folder).catch(() => []);
  if (isWindows) {
    const extensions = (process.env['PATHEXT'] ?? '.COM;.EXE;.BAT;.CMD').toLowerCase().split(';');
    return names
      .filter((name) => name.toLowerCase().startsWith(typed.toLowerCase()))
      .filter((name) => extensions.includes(path.extname(name).toLowerCase()))
      .map((name) => path.parse(name).name);
  }
  const candidates = names.filter((name) => name.startsWith(typed));
  const allowed = await Promise.all(
    candidates.map((name) =>
      access(path.join(folder, name), constants.X_OK).then(
        () => true,
        () => false,
      ),
    ),
  );
  return candidates.filter((_, index) => allowed[index]);
}
