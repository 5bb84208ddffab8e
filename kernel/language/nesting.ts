/**
 * Text that is nested deeper than the native parsers can take: they would not fail, but end the process. What is nested
 * is brackets, but also what stands in a row: `a + b + c` is an addition in an addition.
 */
import { elementsAsBrackets } from './elements.ts';
import { lexicalState } from './lexical.ts';

/** Brackets, and elements of JSX, in one another. The parsers are lost from 4,000 on, in the smallest stack that they run on. */
const DEEPEST = 1000;

/**
 * What takes the rest of the expression or type as its part: arrows, conditions, assignments, words like `new`. The
 * parsers are lost from 3,900 on, with arrows.
 */
const LONGEST_NEST = 1000;

/** Type arguments in one another, or what begins like them. The parsers try each in two ways, and are lost from 2,500 on. */
const LONGEST_TYPED = 500;

/** Other operators, members and calls in a row. The parsers are lost from 11,000 on, and V8's stack for our own code before. */
const LONGEST_CHAIN = 4000;

export interface TooDeep {
  readonly message: string;
  readonly offset: number;
}

const tooDeep = (offset: number, what: string): TooDeep => ({
  message: `This is nested too deeply: more than ${what}`,
  offset,
});

const PREFIX_WORDS =
  'abstract|async|await|case|delete|do|else|extends|for|if|infer|keyof|new|readonly|return|throw|typeof|unique|void|while|with|yield';
const INFIX_WORDS = 'as|extends|in|instanceof|is|of|satisfies';
/** Words that what follows belongs to; all others stand for themselves. */
const PREFIX = new RegExp(`^(?:${PREFIX_WORDS})$`);
/** Words between two operands. */
const INFIX = new RegExp(`^(?:${INFIX_WORDS})$`);

const TOKEN =
  /[\p{ID_Continue}$#@\u200c\u200d]+|=>|\+\+|--|[=!]==?|<=|\?\?=?|\?\.|\*\*=?|(?:&&|\|\|)=?|[-+*/%&|^]=|>+=?|\S/gu;
const WORD = /^[\p{ID_Continue}$#@]/u;
const NEST = /^(?:=>|\?|\*\*|=|(?:&&|\|\||\?\?|\*\*|[-+*/%&|^])=)$/;

/** What begins with `<`, as far as can be told: it may be a comparison. */
interface TypeArguments {
  /** Whether it stands in front of what it belongs to: `<T>x`, `<T,>(x: T) => x`. */
  readonly isPrefix: boolean;
  /** What nested before it: the commas in it are not the end of that. */
  readonly nest: number;
}

/** What is open within one pair of brackets. */
interface Level {
  nest: number;
  chain: number;
  /** `<` that are open, outermost first. */
  typed: TypeArguments[];
  /** `else` that belong to each other. */
  elses: number;
  /** `condition`: the end of what a statement in the same line may belong to, as in `if (x) y`, or be compared with: `x<y>z`. */
  last: 'start' | 'operator' | 'operand' | 'condition';
  readonly closer: string;
}

const opened = (closer: string): Level => ({
  nest: 0,
  chain: 0,
  typed: [],
  elses: 0,
  last: 'start',
  closer,
});

const CLOSERS: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}', '`': '`' };

function restart(level: Level): void {
  level.nest = level.chain = 0;
  level.typed = [];
}

/** Whether there is a string or a regular expression among what is no code. */
function hasLiteral(text: string): boolean {
  return /\S/.test(text) && /\S/.test(text.replace(/\/\/.*|\/\*[^]*?\*\//g, ''));
}

/** An operand follows: after another one, it begins a statement. */
function beginOperand(level: Level, isOnNewLine: boolean): void {
  if (level.last === 'operand' || (level.last === 'condition' && isOnNewLine)) restart(level);
}

function takeWord(level: Level, word: string, isOnNewLine: boolean): void {
  if (!INFIX.test(word)) {
    if (word !== 'else' && level.last !== 'operator' && level.last !== 'condition') level.elses = 0;
    beginOperand(level, isOnNewLine);
  }
  if (word === 'else') level.elses += 1;
  else if (PREFIX.test(word)) level.nest += 1;
  else if (INFIX.test(word)) level.chain += 1;
  level.last = PREFIX.test(word) || INFIX.test(word) ? 'operator' : 'operand';
}

function takeOperator(level: Level, token: string): void {
  // `i++` is an operand, and before one it changes nothing.
  if (token === '++' || token === '--') return;
  if (token === ';' || token === ',') {
    // `A<B, A<B, …`
    const typed = token === ',' ? level.typed : [];
    restart(level);
    level.typed = typed;
    level.last = 'start';
    return;
  }
  if (/^>+$/.test(token) && closeTypes(level, token.length)) return;
  if (NEST.test(token)) level.nest += 1;
  else if (token === '<') openTypes(level);
  else level.chain += 1;
  level.last = 'operator';
}

function openTypes(level: Level): void {
  const isPrefix = level.last === 'operator' || level.last === 'start';
  if (isPrefix) level.nest += 1;
  else level.chain += 1;
  level.typed.push({ isPrefix, nest: level.nest });
}

/** @returns whether any were open */
function closeTypes(level: Level, count: number): boolean {
  const [outermost] = level.typed.splice(-count);
  if (!outermost) return false;
  level.nest = Math.max(level.nest, outermost.nest);
  level.last = outermost.isPrefix ? 'operator' : 'condition';
  return true;
}

/** Counts by the tokens. That takes its time: it is for text that has enough of everything. */
function measure(source: string): TooDeep | undefined {
  const { code } = lexicalState(source);
  const outermost = opened('');
  const levels = [outermost];
  let end = 0;
  for (const { 0: token, index } of code.matchAll(TOKEN)) {
    const level = levels.at(-1) ?? outermost;
    const between = source.slice(end, index);
    end = index + token.length;
    const isOnNewLine = /[\r\n]/.test(between);
    if (level.closer !== '`' && hasLiteral(between)) {
      beginOperand(level, isOnNewLine);
      level.last = 'operand';
    }
    if (token === level.closer) {
      levels.pop();
      const around = levels.at(-1) ?? outermost;
      around.last = token === ')' ? 'condition' : 'operand';
    } else if (WORD.test(token) && level.closer !== '`') takeWord(level, token, isOnNewLine);
    else if (token in CLOSERS) {
      level.chain += 1;
      levels.push(opened(CLOSERS[token] ?? ''));
    } else if (level.closer !== '`') takeOperator(level, token);
    if (levels.length > DEEPEST + 1) return tooDeep(index, `${DEEPEST} brackets or elements in one another`);
    if (level.typed.length > LONGEST_TYPED)
      return tooDeep(index, `${LONGEST_TYPED} type arguments in one another`);
    if (Math.max(level.nest, level.elses) > LONGEST_NEST)
      return tooDeep(index, `${LONGEST_NEST} operators or statements that each contain the next`);
    if (level.chain > LONGEST_CHAIN) return tooDeep(index, `${LONGEST_CHAIN} operators in a row`);
  }
  return undefined;
}

const isPunctuation = (code: number): boolean =>
  (code > 32 && code < 48) ||
  (code > 57 && code < 65) ||
  (code > 90 && code < 97) ||
  (code > 122 && code < 127);

const NESTING_WORDS = new RegExp(`=>|\\*\\*|[=?<]|\\b(?:${PREFIX_WORDS}|${INFIX_WORDS})\\b`, 'g');

/** Whether there may be too much of anything: counts it wherever it stands. */
function isSuspicious(source: string): boolean {
  if (source.length <= DEEPEST) return false;
  let depth = 0;
  let deepest = 0;
  let chain = 0;
  for (let at = 0; at < source.length; at += 1) {
    if (!isPunctuation(source.charCodeAt(at))) continue;
    chain += 1;
    const character = source[at] ?? '';
    if ('([{'.includes(character)) deepest = Math.max(deepest, (depth += 1));
    else if (')]}'.includes(character)) depth = Math.max(0, depth - 1);
  }
  if (deepest > DEEPEST || chain > LONGEST_CHAIN) return true;
  // At least two characters of each.
  return source.length > 2 * LONGEST_TYPED && (source.match(NESTING_WORDS)?.length ?? 0) > LONGEST_TYPED;
}

/**
 * Where the source is nested too deeply to be parsed, and in which way; undefined where it is not.
 * @param jsx whether it is parsed with JSX: `<T>` begins an element then, and else a type assertion
 */
export function tooDeepAt(source: string, jsx: boolean): TooDeep | undefined {
  if (!isSuspicious(source)) return undefined;
  if (!jsx) return measure(source);
  const { code, isClosed } = elementsAsBrackets(source);
  return measure(code) ?? (isClosed ? undefined : measure(source));
}
