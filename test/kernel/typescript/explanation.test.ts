import assert from 'node:assert/strict';
import { blocksOf, markdownOf, plainOf, RULE } from '../../../kernel/typescript/explanation.ts';
import { signatureBlocks } from '../../../kernel/typescript/signature.ts';

describe('an explanation', () => {
  const hover =
    '```typescript\nfunction f(a: string): void\n```\nDoes **it**, as `a_b_c` and [Math.max](file:///x/lib.d.ts#1,2) do. See [MDN](https://a.b/c_d_e).\n\n' +
    '*@example*\n```ts\nf(`**a**`)\n```';

  it('is read from the markdown of the service, without links into files', () =>
    assert.deepEqual(blocksOf(hover), [
      { kind: 'code', language: 'typescript', text: 'function f(a: string): void' },
      {
        kind: 'prose',
        text: 'Does **it**, as `a_b_c` and `Math.max` do. See [MDN](https://a.b/c_d_e).\n\n*@example*',
      },
      { kind: 'code', language: 'ts', text: 'f(`**a**`)' },
    ]));

  it('is plain text without any markup, code as it is', () =>
    assert.equal(
      plainOf(blocksOf(hover)),
      'function f(a: string): void\n\nDoes it, as a_b_c and Math.max do. See MDN (https://a.b/c_d_e).\n\n@example\n\nf(`**a**`)',
    ));

  it('leaves signs alone that are no markup', () => {
    for (const text of [
      'a * b * c',
      'snake_case_name',
      'x ** y',
      '2 * 3',
      '@param `a` — b'.replaceAll('`', ''),
    ])
      assert.equal(plainOf([{ kind: 'prose', text }]), text);
  });

  it('fences code that has a fence in it', () =>
    assert.equal(markdownOf([{ kind: 'code', language: 'ts', text: '```' }]), '````ts\n```\n````'));

  it('shows text as it is, in both', () => {
    const text = 'its $1 and *.ts';
    assert.equal(plainOf([{ kind: 'text', text }]), text);
    assert.equal(markdownOf([{ kind: 'text', text }]), 'its \\$1 and \\*.ts');
  });

  it('has its rule in markdown only', () => {
    const blocks = [{ kind: 'text', text: 'a' }, RULE, { kind: 'text', text: 'b' }] as const;
    assert.equal(markdownOf(blocks), 'a\n\n---\n\nb');
    assert.equal(plainOf(blocks), 'a\n\nb');
  });
});

describe('a signature', () => {
  const signature = {
    label: 'f(f: string, f?: number): void',
    documentation: { value: 'Does it.' },
    parameters: [{ label: 'f: string' }, { label: 'f?: number', documentation: { value: 'the *second*' } }],
    activeParameter: 1,
  };

  it('marks and explains the active parameter', () =>
    assert.equal(
      plainOf(signatureBlocks({ signatures: [signature], activeSignature: 0 })),
      'f(f: string, f?: number): void\n             ^^^^^^^^^^\n\nf?: number — the second\n\nDoes it.',
    ));

  it('takes places of parameters in numbers too', () =>
    assert.match(
      plainOf(
        signatureBlocks({
          signatures: [{ label: 'g(ab)', parameters: [{ label: [2, 4] }], activeParameter: 0 }],
        }),
      ),
      /^g\(ab\)\n {2}\^\^\n\nab$/,
    ));

  it('marks the parameter also where modules in the label get other names', () =>
    assert.match(
      plainOf(
        signatureBlocks(
          {
            signatures: [
              {
                label: 'g(a: import("/long/path").A, b: import("/long/path").B)',
                parameters: [{ label: [2, 27] }, { label: [29, 54] }],
                activeParameter: 1,
              },
            ],
          },
          (text) => text.replaceAll('import("/long/path")', 'm'),
        ),
      ),
      /^g\(a: m\.A, b: m\.B\)\n {10}\^{6}\n\nb: m\.B$/,
    ));

  it('marks none behind the last', () =>
    assert.equal(plainOf(signatureBlocks({ signatures: [{ label: 'g()', activeParameter: 0 }] })), 'g()'));

  it('names the other overloads, but not dozens', () => {
    const signatures = Array.from({ length: 13 }, (_, index) => ({ label: `h(a${index})` }));
    const text = plainOf(signatureBlocks({ signatures, activeSignature: 1 }));
    assert.match(text, /^h\(a1\)\n\nOverloads:\n\nh\(a0\)\nh\(a2\)/);
    assert.match(text, /h\(a10\)\n\/\/ and 2 more$/);
  });
});
