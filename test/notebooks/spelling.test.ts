/** Spelling of what people read: notebooks, README, documents. Words of the field are in words.txt. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { spellCheckDocument } from 'cspell-lib';
import { repository } from '../support/jupyter-home.ts';

const words = readFileSync(path.join(repository, 'test', 'notebooks', 'words.txt'), 'utf8')
  .split('\n')
  .map((line) => line.trim())
  .filter((line) => line !== '' && !line.startsWith('#'));

const below = (folder: string, ending: string): string[] =>
  readdirSync(path.join(repository, folder))
    .filter((name) => name.endsWith(ending))
    .map((name) => path.join(folder, name));

const documents = [...below('.', '.md'), ...below('docs', '.md')];
const notebooks = below('notebooks', '.ipynb');

/** The words of a text that no dictionary knows, each with its line. */
async function unknownWords(file: string, text: string, languageId: string): Promise<string[]> {
  const uri = pathToFileURL(path.join(repository, file)).href;
  const settings = {
    language: 'en,en-GB',
    dictionaries: ['typescript', 'node', 'npm', 'python', 'softwareTerms', 'filetypes', 'html', 'shellscript'],
    words,
    // Addresses, and code between backquotes, which the compiler and the tests read.
    ignoreRegExpList: ['Urls', 'HexValues', '/`[^`]*`/g', '/```[\\s\\S]*?```/g'],
  };
  const options = { noConfigSearch: true, generateSuggestions: false };
  const { issues } = await spellCheckDocument({ uri, text, languageId }, options, settings);
  return issues.map(({ text: word, line }) => `${word} (${file}: ${line.text.trim()})`);
}

interface Cell {
  readonly cell_type: string;
  readonly source: string | readonly string[];
}

describe('the spelling', function () {
  // The dictionaries are read once.
  this.timeout(120_000);

  for (const file of documents) {
    it(`is right in ${file}`, async () => {
      const text = readFileSync(path.join(repository, file), 'utf8');
      assert.deepEqual(await unknownWords(file, text, 'markdown'), []);
    });
  }

  for (const file of notebooks) {
    it(`is right in ${file}`, async () => {
      const { cells } = JSON.parse(readFileSync(path.join(repository, file), 'utf8')) as { cells: Cell[] };
      for (const { cell_type, source } of cells) {
        const text = typeof source === 'string' ? source : source.join('');
        const languageId = cell_type === 'markdown' ? 'markdown' : 'typescript';
        assert.deepEqual(await unknownWords(file, text, languageId), []);
      }
    });
  }

  it('notices a mistake', async () => {
    const found = await unknownWords('README.md', 'This is a mistaek.', 'markdown');
    assert.deepEqual(found.map((each) => each.split(' ')[0]), ['mistaek']);
  });
});
