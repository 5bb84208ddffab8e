import assert from 'node:assert/strict';
import { shellText, splitShell } from '../../../kernel/magics/interpolate.ts';

/** The parts with expressions as `⟨expr⟩`. */
function outline(command: string): string {
  return splitShell(command)
    .map((part) => (typeof part === 'string' ? part : `⟨${part.expr}⟩`))
    .join('');
}

describe('splitShell', () => {
  const commands: Array<[claim: string, command: string, expected: string]> = [
    ['takes a name', 'echo {name}', 'echo ⟨name⟩'],
    ['takes several expressions', '{a} {b}{c}', '⟨a⟩ ⟨b⟩⟨c⟩'],
    ['takes a call', 'kill {pids.at(-1)} now', 'kill ⟨pids.at(-1)⟩ now'],
    ['takes an await', 'cat {await find()}', 'cat ⟨await find()⟩'],
    ['takes a type assertion', 'echo {x as string}', 'echo ⟨x as string⟩'],
    [
      'takes braces and templates within',
      'echo {[1,2].map(x => `${x}`).join(" ")}',
      'echo ⟨[1,2].map(x => `${x}`).join(" ")⟩',
    ],
    ['takes a closing brace in a string', `echo {f("}")} x`, 'echo ⟨f("}")⟩ x'],
    ['takes a function with a body', 'echo {xs.map(x => { return x })}', 'echo ⟨xs.map(x => { return x })⟩'],
    ['takes a member of an object literal', 'echo {{a: 1}.a}', 'echo ⟨{a: 1}.a⟩'],
    ['takes an expression within quotes', `echo "{a}" '{b}'`, `echo "⟨a⟩" '⟨b⟩'`],
    ['takes an expression within a command substitution', 'echo $(cat {file})', 'echo $(cat ⟨file⟩)'],
    ['takes an expression within JSON', `echo '{"a": {b}}'`, `echo '{"a": ⟨b⟩}'`],
    ['takes a sum in parentheses, spaced', 'echo { a + 1 }', 'echo ⟨ a + 1 ⟩'],
    ['leaves ${VAR} alone', 'echo ${HOME} ${X:-{y}}', 'echo ${HOME} ${X:-{y}}'],
    ['leaves empty braces alone', 'find . -exec ls {} +', 'find . -exec ls {} +'],
    ['leaves a brace list alone', 'touch {a,b}.ts', 'touch {a,b}.ts'],
    ['leaves nested brace lists alone', 'echo {{a,b},c} {{a,b},{c,d}}', 'echo {{a,b},c} {{a,b},{c,d}}'],
    ['leaves a brace list alone when an expression follows', 'cp {a,b} {c}', 'cp {a,b} ⟨c⟩'],
    ['leaves ranges alone', 'echo {1..5} {a..e}', 'echo {1..5} {a..e}'],
    ['leaves awk alone', `awk '{print $1}' x`, `awk '{print $1}' x`],
    ['leaves numbers alone', 'git show stash@{0}; grep -E "a{3}"', 'git show stash@{0}; grep -E "a{3}"'],
    ['leaves a shell group alone', '{ echo a; echo b; }', '{ echo a; echo b; }'],
    ['leaves JSON alone', `curl -d '{"a":{"b":1}}'`, `curl -d '{"a":{"b":1}}'`],
    ['leaves an object literal alone', 'echo { {a: 1} }', 'echo { {a: 1} }'],
    ['leaves an open brace alone', 'echo {a', 'echo {a'],
    ['leaves a closing brace alone', 'echo a} {b}', 'echo a} ⟨b⟩'],
    [
      'leaves what only parentheses would make an expression alone',
      'echo {a)(b} {a);(b}',
      'echo {a)(b} {a);(b}',
    ],
    ['leaves a comment alone', 'echo {a // b}', 'echo {a // b}'],
    ['halves doubled braces', `awk '{{print}}'`, `awk '{print}'`],
    ['halves doubled braces around a quoted brace', `awk '{{print "}"}}'`, `awk '{print "}"}'`],
    ['halves doubled braces around JSON', `echo '{{"a":{"b":1}}}'`, `echo '{"a":{"b":1}}'`],
    [
      'halves doubled braces within doubled braces',
      `awk '{{ if (x) {{print}} }}'`,
      `awk '{ if (x) {print} }'`,
    ],
    ['takes an expression within doubled braces', 'echo {{{x}}}', 'echo {⟨x⟩}'],
    ['goes on after an unfinished quote', `echo {{don't}} {x}`, `echo {don't} ⟨x⟩`],
    ['gives a command without braces back whole', 'ls -l', 'ls -l'],
  ];
  for (const [claim, command, expected] of commands) {
    it(claim, () => assert.equal(outline(command), expected));
  }

  it('tells where each expression begins', () => {
    const command = 'a {{x}} {b} \\\n { c }';
    const expressions = splitShell(command).filter((part) => typeof part !== 'string');
    assert.deepEqual(
      expressions.map(({ expr, start }) => [expr, command.slice(start, start + expr.length)]),
      [
        ['b', 'b'],
        [' c ', ' c '],
      ],
    );
  });

  it('joins neighbouring texts', () => {
    assert.deepEqual(splitShell('a {} {{b}} ${c}'), ['a {} {b} ${c}']);
    assert.deepEqual(splitShell(''), []);
  });
});

describe('shellText', () => {
  it('keeps strings, joins arrays by spaces, and makes strings of all else', () => {
    assert.equal(shellText('a b'), 'a b');
    assert.equal(shellText(['a', 1, ['b', 'c']]), 'a 1 b c');
    assert.equal(shellText(1n), '1');
    assert.equal(shellText(undefined), 'undefined');
    assert.equal(shellText(new URL('http://localhost/x')), 'http://localhost/x');
  });
});
