/** What is asked while a user types: completion and inspection, of a session in TypeScript. */

/** `|` is the cursor. */
export interface Question {
  readonly text: string;
  /** Completion: one of the matches. Inspection: a part of the text. Whoever does not say it has not understood. */
  readonly answer: string;
}

/** Run before anything is asked, one cell each. */
export const askedAbout: readonly string[] = [
  `import * as fs from 'node:fs';`,
  `const weather = { city: 'Oslo', temperature: 21.5, wind: { speed: 4, direction: 'NW' }, days: ['Mon', 'Tue'] };`,
  `/** The mean of all values. */
function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
const measurements: number[] = [1, 2, 3];`,
];

export const completions: readonly Question[] = [
  { text: 'fs.|', answer: 'readFileSync' },
  { text: 'const text = fs.readF|', answer: 'readFileSync' },
  { text: 'weather.|', answer: 'temperature' },
  { text: 'weather.wind.|', answer: 'direction' },
  { text: 'const shout = weather.city.toU|', answer: 'toUpperCase' },
  { text: 'aver|', answer: 'average' },
  { text: 'average(measu|', answer: 'measurements' },
  { text: 'Arr|', answer: 'Array' },
  { text: 'Math.|', answer: 'max' },
  { text: 'const warm = measurements.filter((x) => x > weather.te|', answer: 'temperature' },
];

export const inspections: readonly Question[] = [
  { text: 'fs.readFileSync|', answer: 'readFileSync' },
  { text: 'weather|', answer: 'temperature' },
  { text: 'weather.temperature|', answer: 'number' },
  { text: 'weather.wind|', answer: 'direction' },
  { text: 'weather.city.toUpperCase|()', answer: 'toUpperCase' },
  { text: 'average|(measurements)', answer: 'values' },
  { text: 'average(measurements|)', answer: 'number[]' },
  { text: 'Array|.from(measurements)', answer: 'Array' },
  { text: 'Math.max|(1, 2)', answer: 'max' },
  { text: 'setTimeout|(() => {}, 10)', answer: 'setTimeout' },
];

/** Each text is new, as every key press makes it: one that has been seen might be answered from memory. */
export function asked({ text }: Question, n: number): { code: string; cursor: number } {
  const code = `let step${n} = ${n};\n${text}`;
  const cursor = code.indexOf('|');
  return { code: code.slice(0, cursor) + code.slice(cursor + 1), cursor };
}
