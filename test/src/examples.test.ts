/** Each `@example` of the scheduler is run. They are cells: what they use they import, or it is tsloop's. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { repository } from '../support/jupyter-home.ts';
import { MODULES, runSnippet } from '../support/snippets.ts';

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

/** The imports of an example that has none: it uses what it stands for. */
function withImports(code: string): string {
  if (code.includes('import {')) return code;
  const isUsed = (name: string): boolean =>
    new RegExp(`(?<![.\\w])${name}\\b`).test(code) &&
    !new RegExp(`(?:const|let|class|function) ${name}\\b`).test(code);
  const imports = Object.entries(MODULES).flatMap(([module, exported]) => {
    const names = Object.keys(exported).filter(isUsed);
    return names.length === 0 ? [] : [`import { ${names.join(', ')} } from '${module}';`];
  });
  return [...imports, code].join('\n');
}

/** What an example says that it prints: the comments behind its calls of console.log. */
function announced(code: string): string[] {
  return [...code.matchAll(/console\.log\(.*; \/\/ (.+)$/gm)].map(([, text = '']) => text);
}

describe('the examples in the comments of src', () => {
  const files = readdirSync(path.join(repository, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => path.posix.join('src', name.replaceAll('\\', '/')));

  for (const { place, code } of files.flatMap(examplesOf)) {
    it(`${place} runs, and prints what it says`, async () => {
      const printed = (await runSnippet(withImports(code))).trim().replaceAll('\n', ', ');
      for (const text of announced(code)) assert.ok(printed.includes(text), `${text}\nnot in\n${printed}`);
    });
  }

  it('show the use of everything that is exported', () => {
    const texts = files.map((file) => readFileSync(path.join(repository, file), 'utf8'));
    const isShown = (name: string): boolean => {
      const declaration = new RegExp(
        `\\/\\*\\*((?:[^*]|\\*(?!\\/))*)\\*\\/\\nexport (?:async )?(?:class|function|const) ${name}\\b`,
      );
      return texts.some((text) => declaration.exec(text)?.[1]?.includes('@example') === true);
    };
    const names = Object.values(MODULES).flatMap((module) => Object.keys(module));
    assert.deepEqual(
      names.filter((name) => !isShown(name)),
      [],
    );
  });
});
