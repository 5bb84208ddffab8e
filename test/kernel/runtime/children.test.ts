/** Children with inherited descriptors where these cannot be led to the front, as on Windows. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** A process of its own: what is taken over cannot be given back. Prints what a cell would have printed, as JSON. */
async function printed(code: string): Promise<Array<[stream: string, text: string]>> {
  const from = (file: string): string =>
    JSON.stringify(new URL(`../../../kernel/runtime/${file}`, import.meta.url).href);
  const script = `
    import { Output } from ${from('output.js')};
    import { captureChildren } from ${from('children.js')};
    import * as children from 'node:child_process';
    import { once } from 'node:events';
    const said = [];
    const output = new Output(({ name, text }) => said.push([name, text]));
    captureChildren(output, { capture() {}, isImpossible: true });
    const node = (code) => [process.execPath, ['-e', code]];
    ${code}
    output.flush();
    console.log(JSON.stringify(said));`;
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script]);
  return JSON.parse(stdout) as Array<[string, string]>;
}

describe('children without FIFOs', function () {
  this.timeout(60_000);

  it('are printed for, in order, each stream by its name', async () => {
    const said = await printed(`
      output.write('stdout', 'before ');
      children.spawnSync(...node('console.log("one"); console.error("two")'), { stdio: 'inherit' });
      output.write('stdout', 'between ');
      await once(children.spawn(...node('console.log("three")'), { stdio: ['ignore', 2, 'pipe'] }), 'close');
      children.execFileSync(...node('console.log("four")'), { stdio: ['ignore', 'inherit', 'ignore'] });
      try { children.execSync('exit 3', { stdio: 'inherit' }) } catch (error) { output.write('stdout', 'code ' + error.status) }`);
    assert.deepEqual(
      said.map(([name, text]) => `${name}: ${text.trim()}`),
      [
        'stdout: before',
        'stdout: one',
        'stderr: two',
        'stdout: between',
        'stderr: three',
        'stdout: four',
        'stdout: code 3',
      ],
    );
  });

  it('keep what they do not inherit', async () => {
    const said = await printed(`
      const piped = children.spawnSync(...node('console.log("piped")'));
      output.write('stdout', piped.stdout);
      output.write('stdout', children.execSync('echo text', { encoding: 'utf8' }));
      const child = children.spawn(...node('console.log("read")'), { stdio: ['ignore', 'pipe', 'inherit'] });
      child.stdout.on('data', (data) => output.write('stdout', data));
      await once(child, 'close');`);
    assert.equal(said.map(([, text]) => text.replaceAll('\r', '')).join(''), 'piped\ntext\nread\n');
  });
});
