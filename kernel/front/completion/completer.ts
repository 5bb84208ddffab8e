/** What could stand at the cursor: what complete_request answers. */
import type { Checker } from '../../typescript/checker.ts';
import type { MainThread } from '../inspector.ts';
import type { Completion } from './candidate.ts';
import { surroundings } from './literals.ts';
import { completeLive, completeLiveKey } from './live.ts';
import { completePath } from './paths.ts';
import { placeOf } from './place.ts';
import { askService } from './service.ts';
import { completeSpecifier, isSpecifier } from './specifiers.ts';

/** `{expression` of a `!` line, as far as it has been typed. */
const interpolation = /(?<![$\\{])\{([^{}'"]*)$/;

/** `1`, `0x1f`, `1.`: nothing but more digits may follow. */
const numberBefore = /(?<![\p{ID_Continue}$.])\d\w*\.?\w*$/u;

export class Completer {
  readonly #main: MainThread;
  readonly #checker: Checker | undefined;

  constructor(main: MainThread, checker?: Checker) {
    this.#main = main;
    this.#checker = checker;
  }

  /** @param offset the cursor, in UTF-16 code units */
  async complete(code: string, offset: number): Promise<Completion> {
    const place = placeOf(code, offset);
    switch (place.kind) {
      case 'typescript':
        return this.#completeTypeScript(place.text, offset);
      case 'shell':
        return this.#completeShell(code, place.command, offset);
      // Loaded with the first such request, not with the kernel.
      case 'magicName':
        return (await import('./magics.ts')).completeMagicName(place.form, place.typed, offset);
      case 'magicArguments':
        return (await import('./magics.ts')).completeArguments(place.name, place.typed, offset);
      default:
        return { candidates: [], start: offset };
    }
  }

  async #completeTypeScript(text: string, offset: number): Promise<Completion> {
    const { kind, start } = surroundings(text, offset);
    const before = text.slice(0, offset);
    if (kind === 'code' && numberBefore.test(before)) return { candidates: [], start: offset };
    const isString = kind === 'string';
    const content = isString ? text.slice(start, offset) : '';
    const specifier = isString && isSpecifier(text.slice(0, start));
    if (specifier && /^\.\.?\//.test(content)) return completeSpecifier(content, offset);
    // What it has to say inside of comments is about JSDoc.
    const answer = this.#checker && (await askService(this.#checker, text, offset, isString));
    if (answer && answer.candidates.length > 0) return answer;
    if (specifier) return completeSpecifier(content, offset);
    if (kind === 'code') return completeLive(this.#main, before, { keywords: answer === undefined });
    if (!isString) return { candidates: [], start: offset };
    // A string that is a key, or a file's name.
    const key = await completeLiveKey(this.#main, before);
    if (key.candidates.length > 0) return key;
    return /^(?:\.{0,2}|~)\//.test(content)
      ? completePath(content, offset)
      : { candidates: [], start: offset };
  }

  async #completeShell(code: string, command: string, offset: number): Promise<Completion> {
    const expression = interpolation.exec(command)?.[1];
    if (expression !== undefined && expression !== '') {
      const start = offset - expression.length;
      // Blank but for the expression, which stands where it stands in the cell.
      const text = code.slice(0, start).replace(/[^\r\n]/g, ' ') + expression;
      const completion = await this.#completeTypeScript(text, offset);
      if (completion.candidates.length > 0) return completion;
    }
    return (await import('./shell.ts')).completeShell(command, offset);
  }
}
