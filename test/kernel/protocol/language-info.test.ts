import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { languageInfo } from '../../../kernel/protocol/language-info.ts';

describe('what clients are told about the language', () => {
  it('names the TypeScript that checks the cells', () => {
    const file = createRequire(import.meta.url).resolve('typescript/package.json');
    const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version: string };
    assert.equal(languageInfo.version, version.split('.').slice(0, 2).join('.'));
  });
});
