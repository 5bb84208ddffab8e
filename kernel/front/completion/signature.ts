/** What the language service says of a candidate, cut to the one line that a list has room for. */

/** Longer ones (characters) are cut: no list shows them whole. */
const LONGEST = 200;

/** `(method) `, `var `, `function `: what the candidate's kind says already. */
const introduction =
  /^(?:\([\w -]+\) )?(?:(?:var|let|const|using|function|class|interface|type|enum|namespace|module) )?/;
/** Further meanings of the same name: where it comes from, and what it is besides. */
const otherMeaning = /^(?:import|namespace|module|class|interface|enum|type) /;

/**
 * `(method) Array<number>.at(index: number): number` → `(index: number): number`; `(property) User.age: number`
 * → `number`. Overloads are counted.
 * @param name of the candidate, with which its parameters or its type begin
 * @returns undefined where there is nothing to say but the name
 */
export function signatureIn(detail: string, name: string): string | undefined {
  const [first = '', ...more] = detail.split('\n');
  const head = headOf(first, name);
  if (head === undefined) return undefined;
  const overloads = more.filter((line) => line.startsWith(head)).length;
  // A long type is printed in several lines.
  const own = overloads > 0 ? [] : more.filter((line) => !otherMeaning.test(line));
  const whole = [first.slice(head.length), ...own].join(' ').replace(/\s+/g, ' ');
  const text = whole.replace(/^\?? ?[:=] /, '').trim();
  if (text === '') return undefined;
  const cut = text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
  return overloads > 0 ? `${cut} (+${overloads} overload${overloads > 1 ? 's' : ''})` : cut;
}

/** The line up to the end of the name; of the names in it, the one that is declared. */
function headOf(line: string, name: string): string | undefined {
  let at = introduction.exec(line)?.[0].length ?? 0;
  for (at = line.indexOf(name, at); at !== -1; at = line.indexOf(name, at + 1)) {
    const end = at + name.length;
    const isWhole =
      !/[\p{ID_Continue}$]/u.test(line[at - 1] ?? '') && /^$|^[(<:?]|^ =/.test(line.slice(end, end + 2));
    if (isWhole) return line.slice(0, end);
  }
  return undefined;
}
