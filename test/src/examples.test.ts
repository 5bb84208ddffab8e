/** Each `@example` of the scheduler is run. They are cells: what they use they import, or it is tsloop's. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as tsloop from '../../src/index.ts';
import { repository } from '../support/jupyter-home.ts';
import { runSnippet } from '../support/snippets.ts';

interface Example {
  readonly place: string;
  readonly code: string;
}

function examplesOf(file: string): Example[] {
  const text = readFileSync(path.join(repository, file), 'utf8');
  return [...text.matchAll(/\/\*\*(?:[^*]|\*(?!\/))*\*\//g)].flatMap((comment) => {
    const lines = comment[0].replace(/\s*\*\/$/, '').split('\n');
    const first = lines.findIndex((line) => line.includes('@example'));
    if (first === -1) return [];
    const line = text.slice(0, comment.index).split('\n').length + first;
    const onTag = /@example (.+)/.exec(lines[first] ?? '')?.[1] ?? '';
    const rest = lines.slice(first + 1).map((each) => each.replace(/^\s*\* ?/, ''));
    const end = rest.findIndex((each) => each.startsWith('@'));
    return [
      { place: `${file}:${line}`, code: [onTag, ...rest.slice(0, end === -1 ? undefined : end)].join('\n') },
    ];
  });
}

/** What an example of a single file does not import itself. */
function withImports(code: string): string {
  if (code.includes('import {')) return code;
  const names = Object.keys(tsloop).filter(
    (name) =>
      new RegExp(`\\b${name}\\b`).test(code) &&
      !new RegExp(`(?:const|let|class|function) ${name}\\b|\\.${name}\\b`).test(code),
  );
  return `import { ${names.join(', ')} } from 'tsloop';\n${code}`;
}

describe('the examples in the comments of src', () => {
  const files = readdirSync(path.join(repository, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => path.posix.join('src', name.replaceAll('\\', '/')));
  const examples = files.flatMap(examplesOf);

  it('are found', () => assert.ok(examples.length > 30, String(examples.length)));

  for (const { place, code } of examples) {
    it(place, async () => {
      await runSnippet(withImports(code));
    });
  }
});
