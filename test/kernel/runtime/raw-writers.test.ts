import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { hasWasi, mayBringWriters, watchRawWriters } from '../../../kernel/runtime/raw-writers.ts';
import { loadWhole } from '../../../kernel/shared/loading.ts';

describe('who writes past the runtime', () => {
  const { dlopen } = process;
  const before = process.listeners('worker');
  let found = 0;
  beforeEach(() => {
    found = 0;
    watchRawWriters(() => (found += 1));
  });
  afterEach(() => {
    process.dlopen = dlopen;
    for (const listener of process.listeners('worker'))
      if (!before.includes(listener)) process.off('worker', listener);
  });

  it('is a native addon, before it is loaded', () => {
    assert.throws(() => process.dlopen({ exports: {} }, '/there/is/none.node'));
    assert.equal(found, 1);
  });
  it('is no compiler of the kernel’s own', () => {
    assert.throws(() => loadWhole(() => process.dlopen({ exports: {} }, '/there/is/none.node')));
    assert.equal(found, 0);
  });
  it('is a thread', async () => {
    const worker = new Worker('', { eval: true });
    await new Promise((resolve) => worker.once('exit', resolve));
    assert.equal(found, 1);
  });
  it('is a program for WASI, once there may be one', () => {
    const { emitWarning } = process;
    // That it is experimental.
    process.emitWarning = () => {};
    try {
      createRequire(import.meta.url)('node:wasi');
    } finally {
      process.emitWarning = emitWarning;
    }
    assert.equal(hasWasi(), true);
  });
  it('may be what code brings in that loads modules', () => {
    assert.equal(mayBringWriters("await import('sharp')"), true);
    assert.equal(mayBringWriters('process.report.writeReport()'), true);
    assert.equal(mayBringWriters('const important = requires(1)'), false);
  });
});
