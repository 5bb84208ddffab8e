/** Elements of JSX for what only counts brackets: they are in one another as brackets are. */
import { beforeValue, literals, regex, templateText, word } from './lexical.ts';

/** `<a`, `<a.b` and `<>`, but not what begins an arrow function: `<T,>` and `<T extends U>`. */
const opening = /<(?!\s*[\p{ID_Continue}$]+\s*(?:,|extends\b))\s*(?=[\p{ID_Start}$_>])/uy;
const closing = /<\s*\/[^>]*>?/y;
/** A piece of a tag that is neither an expression, nor another element, nor its end. */
const attributes = /"[^"]*"?|'[^']*'?|\/(?!\s*>)|[^"'/<>{]+/y;
const tagEnd = /\/\s*>|>/y;
/** Between tags, quotes and slashes are text. */
const content = /[^<{]+/y;

const closers: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** What is open: a bracket of code, or what ends a template, a tag or the content of an element. */
type Open = ')' | ']' | '}' | '`' | 'tag' | 'content';

export interface ElementsRead {
  /** The text with brackets for elements, in place of their tags; what is in their tags and between them is left out. */
  readonly code: string;
  /** Whether all elements have their ends. What has none may be no element, as in `type F = <T>(x: T) => x`. */
  readonly isClosed: boolean;
}

class Reader {
  result = '';
  readonly #source: string;
  readonly #open: Open[] = [];
  /** Whether what comes next is a value, and not an operator. */
  #valueNext = true;

  constructor(source: string) {
    this.#source = source;
  }

  read(): ElementsRead {
    while (this.result.length < this.#source.length) this.#step();
    const isClosed = !this.#open.some((open) => open === 'tag' || open === 'content');
    return { code: this.result, isClosed };
  }

  #step(): void {
    const inside = this.#open.at(-1);
    if (inside === '`') this.#template();
    else if (inside === 'tag') this.#tag();
    else if (inside === 'content') this.#content();
    else this.#code();
  }

  /** Takes what matches here, as something of the same length. */
  #take(pattern: RegExp, as?: (text: string) => string): string | undefined {
    pattern.lastIndex = this.result.length;
    const text = pattern.exec(this.#source)?.[0];
    if (!text) return undefined;
    this.result += as ? as(text) : text;
    return text;
  }

  #takeCharacter(as?: string): void {
    this.result += as ?? this.#source[this.result.length] ?? '';
  }

  #template(): void {
    if (this.#take(templateText) !== undefined) return;
    if (this.#source[this.result.length] === '`') {
      this.#close();
      this.#takeCharacter();
    } else {
      this.#open.push('}');
      this.#valueNext = true;
      this.result += '${';
    }
  }

  #code(): void {
    for (const [kind, pattern] of this.#valueNext ? [...literals, ['regex', regex] as const] : literals) {
      if (this.#take(pattern) === undefined) continue;
      if (!kind.endsWith('Comment')) this.#valueNext = false;
      return;
    }
    const name = this.#take(word);
    if (name !== undefined) {
      this.#valueNext = beforeValue.test(name);
      return;
    }
    if (this.#valueNext && this.#takeElement()) return;
    const character = this.#source[this.result.length] ?? '';
    if (character === '`' || character in closers) {
      this.#open.push((closers[character] ?? '`') as Open);
      this.#valueNext = true;
    } else if (character === this.#open.at(-1)) {
      this.#close();
      // After a block comes a statement; after an object an operator, but `<` there is rare.
      this.#valueNext = character === '}';
    } else if (/\S/.test(character)) this.#valueNext = true;
    this.#takeCharacter();
  }

  #takeElement(): boolean {
    if (this.#take(opening, (text) => `(${between(text.slice(1))}`) === undefined) return false;
    this.#open.push('tag');
    return true;
  }

  #tag(): void {
    if (this.#take(attributes, ofTag) !== undefined || this.#takeElement()) return;
    const end = this.#take(tagEnd, (text) => (text === '>' ? ',' : this.#closed(text)));
    if (end === undefined) this.#takeExpression();
    else if (end === '>') this.#open.splice(-1, 1, 'content');
    else this.#close();
  }

  /** The end of the innermost element. Its siblings do not belong to each other, as operands do. */
  #closed(text: string): string {
    const blanks = text.slice(1).replace(/[^\r\n]/g, ' ');
    return `)${this.#open.at(-2) === 'content' ? blanks.replace(/ $/, ',') : blanks}`;
  }

  #content(): void {
    if (this.#take(content, between) !== undefined || this.#takeElement()) return;
    if (this.#take(closing, (text) => this.#closed(text)) !== undefined) this.#close();
    else this.#takeExpression();
  }

  /** `{…}`, or a character that should not be there. */
  #takeExpression(): void {
    const isExpression = this.#source[this.result.length] === '{';
    if (isExpression) {
      this.#open.push('}');
      this.#valueNext = true;
    }
    this.#takeCharacter(isExpression ? '{' : ' ');
  }

  #close(): void {
    this.#open.pop();
    this.#valueNext = false;
  }
}

/** Text of JSX, of which only lines and its end matter. */
function between(text: string): string {
  return text.replace(/[^\r\n]/g, ' ').replace(/ $/, ',');
}

/** The same of a piece of a tag. The dots of `<a.b.c>` are operators. */
function ofTag(text: string): string {
  return /^["']/.test(text) ? between(text) : text.replace(/[^\r\n.]/g, ' ');
}

export function elementsAsBrackets(source: string): ElementsRead {
  return new Reader(source).read();
}
