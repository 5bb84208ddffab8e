/** Which cells the service sees as empty, and when it sees them again. */
import assert from 'node:assert/strict';
import { Resting } from '../../../kernel/typescript/resting.ts';
import type { Document } from '../../../kernel/typescript/scope.ts';

const NOTHING = 'export {};\n';

interface Part {
  readonly imports?: readonly Document[];
  readonly isGlobal?: boolean;
}

function documentOf(uri: string, { imports = [], isGlobal = false }: Part = {}): Document {
  const block = { start: 0, end: 0, names: ['g'] };
  return {
    uri,
    languageId: 'typescript',
    source: '',
    declarations: {
      names: new Map(),
      exported: new Set(),
      globalBlocks: isGlobal ? [block] : [],
      ambientModules: [],
      globalAssignments: new Map(),
      jsx: false,
    },
    hidden: new Set(),
    imports: new Set(imports),
    types: new Map(),
    exports: new Set(),
    suffix: '',
  };
}

describe('cells that rest', () => {
  /** What the service was shown: `a b rest`, `a wakes`. */
  let shown: string[];
  let resting: Resting;
  beforeEach(() => {
    shown = [];
    resting = new Resting(
      (texts) => {
        const rests = [...texts.values()].every((text) => text === NOTHING);
        assert.ok(rests || ![...texts.values()].includes(NOTHING));
        shown.push(`${[...texts.keys()].sort().join(' ')} ${rests ? 'rest' : 'wake'}`);
      },
      ({ uri }) => `the text of ${uri}`,
      { awake: 2, batch: 2, unused: 3 },
    );
  });

  /** Cells that use nothing. */
  const addOthers = (count: number): void => {
    for (let i = 0; i < count; i += 1) resting.add(documentOf(`other-${i}`));
  };

  it('are those that as many cells as said have not used, several at once', () => {
    const [a, b, c] = ['a', 'b', 'c'].map((uri) => documentOf(uri));
    for (const document of [a, b, c]) if (document) resting.add(document);
    resting.rest();
    assert.deepEqual(shown, [], 'too few are awake');
    addOthers(1);
    resting.rest();
    assert.deepEqual(shown, [], 'one alone is not laid to rest');
    addOthers(1);
    resting.rest();
    assert.deepEqual(shown, ['a b rest']);
    resting.rest();
    assert.deepEqual(shown, ['a b rest'], 'nothing is said twice');
  });

  it('are awake again, with all that they use, when something uses them', () => {
    const a = documentOf('a');
    const b = documentOf('b', { imports: [a] });
    const c = documentOf('c', { imports: [b] });
    for (const document of [a, b, c]) resting.add(document);
    addOthers(4);
    resting.rest();
    shown.length = 0;
    resting.use([b]);
    assert.deepEqual(shown, ['a b wake']);
    resting.use([b]);
    assert.deepEqual(shown, ['a b wake'], 'they are awake');
    resting.use([c]);
    assert.deepEqual(shown, ['a b wake', 'c wake']);
  });

  it('are none that something awake uses, directly or through others', () => {
    const a = documentOf('a');
    const b = documentOf('b', { imports: [a] });
    resting.add(a);
    resting.add(b);
    addOthers(4);
    // Used by a cell that stays awake.
    resting.add(documentOf('c', { imports: [b] }));
    resting.rest();
    assert.deepEqual(shown, ['other-0 other-1 rest']);
  });

  it('are none that declare something for all, nor what those use', () => {
    const a = documentOf('a');
    resting.add(a);
    resting.add(documentOf('global', { imports: [a], isGlobal: true }));
    addOthers(6);
    resting.rest();
    assert.deepEqual(shown, ['other-0 other-1 other-2 rest']);
  });

  it('are forgotten with their cell', () => {
    const a = documentOf('a');
    const b = documentOf('b');
    resting.add(a);
    resting.add(b);
    addOthers(3);
    resting.rest();
    resting.delete(a);
    resting.use([a, b]);
    assert.deepEqual(shown.at(-1), 'b wake');
  });
});
