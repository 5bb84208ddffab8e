import assert from 'node:assert/strict';
import { withLabels } from '../../../kernel/typescript/labels.ts';
import type { Document } from '../../../kernel/typescript/scope.ts';
import { SessionUnderTest } from './fake-language-server.ts';

/** How TypeScript names a type that the module of the cell in a place exports. */
const qualified = (name: string, { slot }: Document): string =>
  `import("/tmp/tsloop-x/home/tsloop-cell-${slot?.number}").${name}`;

describe('labels of cells in messages', () => {
  let session: SessionUnderTest;
  beforeEach(() => (session = new SessionUnderTest()));
  afterEach(() => session.workspace.dispose());

  /** Runs cells; In [1] is the first. */
  const ran = (...sources: string[]): Document[] =>
    sources.map((source, index) => {
      const document = session.open(source, `In [${index + 1}]`);
      if (!document) throw new Error(`no TypeScript: ${source}`);
      session.commit(document);
      return document;
    });

  it('take the place of modules, and of the one type that no module exports', () => {
    const [one, two, three] = ran('class Point {}', 'class Point { x = 1 }', 'class Point { y = 1 }');
    assert.ok(one && two && three);
    const label = (message: string): string => withLabels(message, [one, two, three]);
    assert.equal(
      label(`Type 'Point' is not assignable to type '${qualified('Point', two)}'.`),
      "Type 'In [1].Point' is not assignable to type 'In [2].Point'.",
    );
    assert.equal(
      label(
        `Type '${qualified('Point', three)}[]' is not assignable to type '${qualified('Point', two)}[]'.`,
      ),
      "Type 'In [3].Point[]' is not assignable to type 'In [2].Point[]'.",
    );
    assert.equal(
      label(
        `Type 'Promise<Point>' is not assignable to type 'Promise<${qualified('Point', two)}>'.\n  More.`,
      ),
      "Type 'Promise<In [1].Point>' is not assignable to type 'Promise<In [2].Point>'.\n  More.",
    );
  });

  it('leave other names alone, and what is not in quotes', () => {
    const [one, two] = ran('class Point {}', 'class Point { x = 1 }');
    assert.ok(one && two);
    assert.equal(
      withLabels(`Point: 'MyPoint', 'Point.x', 'my.Point', 'Points', '${qualified('Point', two)}'`, [
        one,
        two,
      ]),
      "Point: 'MyPoint', 'In [1].Point.x', 'my.Point', 'Points', 'In [2].Point'",
    );
    assert.equal(withLabels("Type 'Point' is wrong.", [one, two]), "Type 'Point' is wrong.");
  });

  it('know modules whose cell has JSX, and leave those alone that are no cell', () => {
    const [cell] = ran('const b = <b/>');
    assert.ok(cell);
    const file = `import("/tmp/x/tsloop-cell-${cell.slot?.number}-jsx").Props`;
    assert.equal(
      withLabels(`'${file}' and 'import("/home/util").Props'`, [cell]),
      `'In [1].Props' and 'import("/home/util").Props'`,
    );
    assert.equal(
      withLabels(`'import("/tmp/tsloop-cell-99").T'`, [cell]),
      `'import("/tmp/tsloop-cell-99").T'`,
    );
  });
});
