/** Programs that once ran differently, made small: kept as files, and run with every test. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { repository } from '../support/jupyter-home.ts';
import type { Program } from './program.ts';

const FOLDER = path.join(repository, 'test', 'differential', 'cases');

export interface Case {
  /** What was wrong, in words. */
  readonly about: string;
  readonly program: Program;
}

/** By the names of their files, without `.json`. */
export function readCases(): Map<string, Case> {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));
  return new Map(
    names.sort().map((name) => {
      const text = readFileSync(path.join(FOLDER, name), 'utf8');
      return [path.basename(name, '.json'), JSON.parse(text) as Case];
    }),
  );
}

/** Returns the path of the file. */
export function writeCase(name: string, found: Case): string {
  const file = path.join(FOLDER, `${name}.json`);
  writeFileSync(file, `${JSON.stringify(found, null, 2)}\n`);
  return file;
}
