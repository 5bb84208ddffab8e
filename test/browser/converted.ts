/** What nbconvert makes of a notebook that JupyterLab has saved. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { runJupyter } from '../support/python.ts';
import type { JupyterLab } from './jupyter-lab.ts';

/** The kinds of output that each converter is to keep of a value that has several, best first. */
const plain = ['image/svg+xml', 'image/png', 'text/markdown', 'text/plain'].map(
  (type) => `--NbConvertBase.display_data_priority=${type}`,
);

type Conversion = 'markdown' | 'plain-markdown' | 'dark-page';
const CONVERSIONS: Readonly<Record<Conversion, readonly string[]>> = {
  markdown: ['--to', 'markdown'],
  'plain-markdown': ['--to', 'markdown', ...plain],
  'dark-page': ['--to', 'html', '--theme', 'dark'],
};

/**
 * @param notebook its name in the server's folder
 * @returns the text of each conversion, and the path of the page
 */
export async function convert(
  server: JupyterLab,
  notebook: string,
): Promise<Readonly<Record<Conversion, string>> & { readonly pagePath: string }> {
  const cwd = server.notebooks;
  const made = await Promise.all(
    Object.entries(CONVERSIONS).map(async ([name, args]) => {
      const { code, stderr } = await runJupyter(['nbconvert', ...args, '--output', name, notebook], {
        env: server.env,
        cwd,
      });
      assert.equal(code, 0, stderr);
      return [name, await readFile(path.join(cwd, `${name}.${args[1] === 'html' ? 'html' : 'md'}`), 'utf8')];
    }),
  );
  return {
    ...(Object.fromEntries(made) as Record<Conversion, string>),
    pagePath: path.join(cwd, 'dark-page.html'),
  };
}

/** The HTML in Markdown that is the kernel's: from its first line to the empty line that ends it. */
export function htmlBlocks(markdown: string): string[] {
  return markdown
    .split(/\n[ \t]*\n/)
    .map((block) => block.trim())
    .filter((block) => /^<(?:div|form)\b[^>]*\bclass="tsloop-/.test(block));
}
