import assert from 'node:assert/strict';
import {
  counted,
  cut,
  escapeHtml,
  grouped,
  styleElement,
  textOfMarkup,
} from '../../../kernel/display/html.ts';

describe('text as HTML', () => {
  it('has no character that means something in elements or attributes', () => {
    assert.equal(
      escapeHtml(`<a href="x" id='y'>&amp;</a>`),
      '&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;amp;&lt;/a&gt;',
    );
    assert.equal(escapeHtml('a\u0000b\u001Bc\td\n'), 'a�b�c\td\n');
  });

  it('has no empty line, with which Markdown would take it to be over', () => {
    assert.equal(escapeHtml('a\nb\n\n \t\r\nc\n'), 'a\nb&#10;&#10; \t\r\nc\n');
  });

  it('is cut by characters, with an ellipsis, and never in the middle of one', () => {
    assert.equal(cut('abcdef', 6), 'abcdef');
    assert.equal(cut('abcdefg', 6), 'abcde…');
    assert.equal(cut('abcd😀fg', 6), 'abcd…');
  });

  it('counts', () => {
    assert.deepEqual([0, 999, 1000, 1234567, 10n ** 9n].map(grouped), [
      '0',
      '999',
      '1,000',
      '1,234,567',
      '1,000,000,000',
    ]);
    assert.deepEqual([counted(1, 'row'), counted(2000, 'row')], ['1 row', '2,000 rows']);
  });
});

describe('the text of markup', () => {
  const texts: ReadonlyArray<readonly [markup: string, text: string]> = [
    ['a <b>bold</b> word', 'a bold word'],
    ['<p>one</p><p>two</p>', 'one\ntwo'],
    ['<ul><li>a<li>b</ul>', 'a\nb'],
    ['<table><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr></table>', '1 2\n3'],
    ['a &lt; b &amp;&#38; c&#x21; &quot;&apos;&nbsp;&unknown; &#0;', 'a < b && c! "\' &unknown; &#0;'],
    ['<style>a{}</style><script>x()</script>seen<!-- not -->', 'seen'],
    ['1 < 2 and 3 > 2', '1 < 2 and 3 > 2'],
    ['  blank \n\t space  ', 'blank space'],
    ['<script>never closed', ''],
    ['<b', '<b'],
    ['', ''],
  ];
  for (const [markup, text] of texts) {
    it(JSON.stringify(markup), () => assert.equal(textOfMarkup(markup), text));
  }
});

describe('a style', () => {
  it('is short, and its selectors outweigh those of the page', () => {
    assert.equal(
      styleElement(`
.tsloop-x { color: red ; margin: 0 }
.tsloop-x td, .tsloop-x .tsloop-y { color: blue }`),
      '<style>.tsloop-x.tsloop-x{color: red;margin: 0}.tsloop-x.tsloop-x td,.tsloop-x.tsloop-x .tsloop-y{color: blue}</style>',
    );
  });
});
