import assert from 'node:assert/strict';
import { type Place, placeOf } from '../../../../kernel/front/completion/place.ts';

/** In short: the kind of the place, and what has been typed there. */
function short(place: Place): string {
  switch (place.kind) {
    case 'shell':
      return `shell ${place.command}`;
    case 'magicName':
      return `${place.form} magic ${place.typed}`;
    case 'magicArguments':
      return `arguments of ${place.name}: ${place.typed}`;
    default:
      return place.kind;
  }
}

const claims: ReadonlyArray<readonly [cell: string, place: string]> = [
  ['|', 'typescript'],
  ['use|r', 'typescript'],
  ['!|', 'shell '],
  ['!ls -l|', 'shell ls -l'],
  ['  ! ls | ', 'shell ls '],
  ['!ls \\\n  -l|', 'shell ls \\\n  -l'],
  ['!ls\n|', 'typescript'],
  ['!ls\nuser|\n!ls', 'typescript'],
  ['user;\n!l|s\nuser', 'shell l'],
  ['a\n!==b|', 'typescript'],
  ['`\n!ls|\n`', 'typescript'],
  ['f(\n%ti|', 'typescript'],
  ['%|', 'line magic '],
  ['%ti|me', 'line magic ti'],
  ['user;\n%|\nuser', 'line magic '],
  ['%%|', 'cell magic '],
  ['%%ti|\nuser', 'cell magic ti'],
  ['\n%%ti|\nuser', 'cell magic ti'],
  ['user;\n%%ti|', 'nothing'],
  ['%cd |', 'arguments of cd: '],
  ['%cd my fo|lder', 'arguments of cd: my fo'],
  ['%%writefile da|\ntext', 'arguments of writefile: da'],
  ['%%writefile data\nte|xt', 'nothing'],
  ['%time us|', 'typescript'],
  ['%%time\nus|', 'typescript'],
  ['%%virtual\nus|', 'typescript'],
  ['%%timeline\n!ls|', 'shell ls'],
  ['%%bash\nls\ngit st|', 'shell ls\ngit st'],
  ['%%typecheck off\nus|', 'typescript'],
  ['%%typecheck off\n!ls|', 'shell ls'],
  ['%%typecheck o|', 'arguments of typecheck: o'],
];

describe('the place of the cursor', () => {
  for (const [cell, place] of claims) {
    it(`in ${JSON.stringify(cell)} is ${JSON.stringify(place)}`, () =>
      assert.equal(short(placeOf(cell.replace('|', ''), cell.indexOf('|'))), place));
  }

  it('keeps the positions of TypeScript between commands', () => {
    const cell = '%pwd\n"😀"; user.na\n!ls';
    const place = placeOf(cell, cell.indexOf('na') + 2);
    assert.ok(place.kind === 'typescript');
    assert.equal(place.text.length, cell.length);
    assert.equal(place.text.indexOf('user.na'), cell.indexOf('user.na'));
    assert.ok(!place.text.includes('ls'));
  });
});
