import assert from 'node:assert/strict';
import { NotebookError, parseNotebook } from '../../../kernel/embedded/notebook.ts';
import { notebookText } from '../../../kernel/embedded/notebook-writer.ts';
import { makeCell, notebookJson } from './make-notebook.ts';

describe('notebook files', () => {
  const rejected: ReadonlyArray<readonly [what: string, text: string, says: RegExp]> = [
    ['broken JSON', '{\n "cells": [}', /a\.ipynb is not a notebook, as it is not JSON: .*line 2, column 12/s],
    ['JSON that is no object', '[]', /holds no JSON object/],
    ['JSON that is no notebook', '{"name":"x"}', /no nbformat number/],
    ['nbformat 3', '{"nbformat":3,"worksheets":[]}', /old notebook format 3.*jupyter nbconvert/],
    ['nbformat 5', '{"nbformat":5}', /format 5; this tsloop knows format 4/],
    ['no cells', '{"nbformat":4,"metadata":{}}', /no list of cells/],
    [
      'an unknown cell type',
      notebookJson([{ cell_type: 'heading', source: '' }]),
      /cell 1 has the cell_type "heading"/,
    ],
    ['a cell without source', notebookJson([makeCell('a'), { cell_type: 'code' }]), /cell 2 has no source/],
    [
      'a notebook in Python',
      notebookJson([], { kernelspec: { name: 'python3', display_name: 'Python 3', language: 'python' } }),
      /in python \(kernel "Python 3"\); tsloop runs TypeScript/,
    ],
    [
      'a notebook in R, by its language_info',
      notebookJson([], { language_info: { name: 'R' } }),
      /in R; tsloop runs/,
    ],
  ];
  for (const [what, text, says] of rejected) {
    it(`are rejected with a clear message: ${what}`, () => {
      assert.throws(
        () => parseNotebook(text, 'a.ipynb'),
        (error) =>
          error instanceof NotebookError && says.test(error.message) && error.message.includes('a.ipynb'),
      );
    });
  }

  it('of other TypeScript and JavaScript kernels are taken', () => {
    for (const language of ['typescript', 'javascript', 'TypeScript']) {
      parseNotebook(notebookJson([], { kernelspec: { name: 'deno', language } }), 'a.ipynb');
    }
    parseNotebook(notebookJson([]), 'a.ipynb');
  });

  it('of 4.0 to 4.4 become 4.5, with unique ids', () => {
    const text = JSON.stringify({
      nbformat: 4,
      nbformat_minor: 2,
      metadata: {},
      cells: [makeCell('a'), makeCell('b')],
    });
    const notebook = parseNotebook(text, 'a.ipynb');
    assert.equal(notebook.nbformat_minor, 5);
    const ids = notebook.cells.map(({ id }) => id);
    assert.equal(new Set(ids).size, 2);
    for (const id of ids) assert.match(id, /^[a-zA-Z0-9-_]{1,64}$/);
  });

  it('keep good ids and lose invalid and repeated ones', () => {
    const cells = ['ok', 'not ok', 'ok'].map((id) => ({ ...makeCell('a'), id }));
    const ids = parseNotebook(notebookJson(cells), 'a.ipynb').cells.map(({ id }) => id);
    assert.equal(ids[0], 'ok');
    assert.equal(new Set(ids).size, 3);
    assert.ok(!ids.includes('not ok'));
  });

  it('are written as nbformat writes them: sorted, one space, lists of lines, a last newline', () => {
    const cell = {
      ...makeCell('const a = 1;\na'),
      id: 'one',
      outputs: [
        { output_type: 'stream', name: 'stdout', text: 'é\r\nb\rc\u2028d' },
        {
          output_type: 'display_data',
          metadata: {},
          data: {
            'text/plain': 'x\ny',
            'image/png': 'AB\n',
            'image/svg+xml': '<svg>\n</svg>',
            'application/json': { b: 1, a: [] },
          },
        },
      ],
    };
    assert.equal(
      notebookText(parseNotebook(notebookJson([cell]), 'a.ipynb')),
      `{
 "cells": [
  {
   "cell_type": "code",
   "execution_count": null,
   "id": "one",
   "metadata": {},
   "outputs": [
    {
     "name": "stdout",
     "output_type": "stream",
     "text": [
      "é\\r\\n",
      "b\\r",
      "c\u2028",
      "d"
     ]
    },
    {
     "data": {
      "application/json": {
       "a": [],
       "b": 1
      },
      "image/png": "AB\\n",
      "image/svg+xml": [
       "<svg>\\n",
       "</svg>"
      ],
      "text/plain": [
       "x\\n",
       "y"
      ]
     },
     "metadata": {},
     "output_type": "display_data"
    }
   ],
   "source": [
    "const a = 1;\\n",
    "a"
   ]
  }
 ],
 "metadata": {},
 "nbformat": 4,
 "nbformat_minor": 5
}
`,
    );
  });

  it('keep every field that is unknown, in the notebook, its cells and their metadata', () => {
    const cell = {
      ...makeCell('# t', { type: 'markdown' }),
      id: 'a',
      attachments: { 'a.txt': { 'text/plain': 'x\ny' } },
      extra: 1,
    };
    const text = JSON.stringify({
      nbformat: 4,
      nbformat_minor: 7,
      metadata: { mine: { deep: [1] } },
      cells: [cell],
      other: null,
    });
    const written = JSON.parse(notebookText(parseNotebook(text, 'a.ipynb'))) as Record<string, unknown>;
    assert.deepEqual(written, {
      nbformat: 4,
      nbformat_minor: 7,
      metadata: { mine: { deep: [1] } },
      other: null,
      cells: [{ ...cell, source: ['# t'], attachments: { 'a.txt': { 'text/plain': ['x\n', 'y'] } } }],
    });
  });

  it('stay the same when they are read and written again', () => {
    const cells = [makeCell('a\nb'), makeCell('', { type: 'raw' }), makeCell('x\n', { type: 'markdown' })];
    const once = notebookText(parseNotebook(notebookJson(cells), 'a.ipynb'));
    assert.equal(notebookText(parseNotebook(once, 'a.ipynb')), once);
  });
});
