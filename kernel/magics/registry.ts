/** All magics. A new one is a file of its own, an import here and a line in the list. */
import { autoreload } from './autoreload.ts';
import { cd } from './cd.ts';
import { config } from './config.ts';
import { env } from './env.ts';
import { load } from './load.ts';
import { loop } from './loop.ts';
import { makeLsmagic } from './lsmagic.ts';
import { UsageError, type CellMagic, type LineMagic, type Magic, type MagicContext } from './magic.ts';
import { nearest } from './nearest.ts';
import { npm } from './npm.ts';
import { pwd } from './pwd.ts';
import { bash, sh } from './script.ts';
import { time } from './time.ts';
import { timeline } from './timeline.ts';
import { typecheck } from './typecheck.ts';
import { virtual } from './virtual.ts';
import { who } from './who.ts';
import { whos } from './whos.ts';
import { writefile } from './writefile.ts';

export const magics: readonly Magic[] = [
  autoreload,
  bash,
  cd,
  config,
  env,
  load,
  loop,
  makeLsmagic(() => magics),
  npm,
  pwd,
  sh,
  time,
  timeline,
  typecheck,
  virtual,
  who,
  whos,
  writefile,
];

/**
 * @param name without the percent sign; one that begins with `%` is a `%%name` below the cell's first line
 * @throws UsageError for a name that is no line magic, naming what it may have been meant for
 */
export function findLineMagic(name: string): LineMagic {
  if (name.startsWith('%')) {
    findCellMagic(name.slice(1));
    throw new UsageError(`%${name} takes the rest of its cell: it must be the cell's first line.`);
  }
  const magic = magics.find((candidate) => candidate.name === name);
  if (magic === undefined)
    throw unknown(
      name,
      '%',
      magics.filter((candidate) => 'line' in candidate),
    );
  if ('line' in magic) return magic;
  throw new UsageError(`%${name} takes the rest of its cell: write %%${name} in the cell's first line.`);
}

/** @throws UsageError for a name that is no cell magic, naming what it may have been meant for */
export function findCellMagic(name: string): CellMagic {
  const magic = magics.find((candidate) => candidate.name === name);
  if (magic === undefined)
    throw unknown(
      name,
      '%%',
      magics.filter((candidate) => 'cell' in candidate),
    );
  if ('cell' in magic) return magic;
  throw new UsageError(`%%${name} does not take a cell: write %${name}, in any line.`);
}

function unknown(name: string, prefix: '%' | '%%', sameKind: readonly Magic[]): UsageError {
  const [same] = nearest(
    name,
    sameKind.map((magic) => magic.name),
  );
  const [other] = nearest(
    name,
    magics.map((magic) => magic.name),
  );
  const near =
    same !== undefined
      ? `${prefix}${same}`
      : other !== undefined
        ? `${prefix === '%' ? '%%' : '%'}${other}`
        : undefined;
  const hint = near === undefined ? '' : ` Did you mean ${near}?`;
  return new UsageError(`There is no magic ${prefix}${name}.${hint} %lsmagic lists them all.`);
}

/** Runs `%name args` and resolves to the line's value. `%name ?` says how the magic is called. */
export async function runLineMagic(name: string, args: string, context: MagicContext): Promise<unknown> {
  const magic = findLineMagic(name);
  if (!isHelp(args)) return magic.line(args, context);
  context.print(`%${magic.usage}\n${magic.summary}\n`);
  return undefined;
}

/** Runs `%%name args` with the rest of its cell and resolves to the cell's value. */
export async function runCellMagic(
  name: string,
  args: string,
  body: string,
  context: MagicContext,
): Promise<unknown> {
  const magic = findCellMagic(name);
  if (!isHelp(args)) return magic.cell(args, body, context);
  context.print(`%%${magic.usage}\n${magic.summary}\n`);
  return undefined;
}

function isHelp(args: string): boolean {
  return args === '?' || args === '??';
}
