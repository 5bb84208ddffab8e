import assert from 'node:assert/strict';
import type { ToFront } from '../../../kernel/bridge.ts';
import { settings } from '../../../kernel/magics/settings.ts';
import { Output } from '../../../kernel/runtime/output.ts';

type Stream = Extract<ToFront, { type: 'stream' }>;

function collect(): { output: Output; posted: ToFront[]; streams: () => Stream[] } {
  const posted: ToFront[] = [];
  const output = new Output((message) => posted.push(message));
  return { output, posted, streams: () => posted.filter((message) => message.type === 'stream') };
}

const textOf = (streams: readonly Stream[]): string => streams.map(({ text }) => text).join('');

describe('the output of the runtime', () => {
  it('sends the first writes at once: who blocks the thread afterwards has been heard', () => {
    const { output, streams } = collect();
    for (const text of ['one', 'two', 'three']) output.write('stdout', text, 1);
    assert.equal(textOf(streams()), 'onetwothree');
  });

  it('collects a flood into far fewer messages, and loses nothing', () => {
    const { output, streams } = collect();
    const lines = Array.from({ length: 50_000 }, (_, i) => `line ${i}\n`);
    for (const line of lines) output.write('stdout', line, 1);
    output.flush();
    assert.ok(textOf(streams()) === lines.join(''));
    assert.ok(streams().length < lines.length / 10, `${streams().length} messages`);
  });

  it('keeps streams and cells apart, and in order', () => {
    const { output, streams } = collect();
    const writes = Array.from(
      { length: 3000 },
      (_, i) => ({ name: i % 3 === 0 ? 'stderr' : 'stdout', cell: i % 2, text: `${i} ` }) as const,
    );
    for (const { name, text, cell } of writes) output.write(name, text, cell);
    output.flush();
    // Neighbours of one kind are one text.
    const merge = (all: ReadonlyArray<{ name: string; cell: number; text: string }>): string[] => {
      const merged: Array<{ key: string; text: string }> = [];
      for (const { name, cell, text } of all) {
        const last = merged.at(-1);
        if (last?.key === `${name} ${cell}`) last.text += text;
        else merged.push({ key: `${name} ${cell}`, text });
      }
      return merged.map(({ key, text }) => `${key}: ${text}`);
    };
    assert.deepEqual(merge(streams()), merge(writes));
  });

  it('sends anything else behind all text that was written before it', () => {
    const { output, posted } = collect();
    for (let i = 0; i < 500; i += 1) output.write('stdout', 'x', 1);
    output.emit({ type: 'clear', cell: 1, wait: false });
    const kinds = posted.map(({ type }) => type);
    assert.deepEqual(
      [kinds.indexOf('clear'), kinds.filter((type) => type === 'clear').length],
      [kinds.length - 1, 1],
    );
    assert.equal(textOf(posted.filter((message) => message.type === 'stream')).length, 500);
  });

  it('sends what waits by a timer', async () => {
    const { output, streams } = collect();
    for (let i = 0; i < 500; i += 1) output.write('stdout', 'x', 1);
    while (textOf(streams()).length < 500) await new Promise((resolve) => setImmediate(resolve));
  });

  it('sends a long text at once, whatever waits', () => {
    const { output, streams } = collect();
    for (let i = 0; i < 200; i += 1) output.write('stdout', 'x', 1);
    output.write('stdout', 'y'.repeat(100_000), 1);
    assert.equal(textOf(streams()).length, 100_200);
  });

  it('shows the beginning of a text beyond output.limit, and how much is missing; many texts have no limit', () => {
    const setting = settings['output.limit'];
    const { value } = setting;
    try {
      setting.value = 1000;
      const { output, posted, streams } = collect();
      output.write('stdout', 'x'.repeat(1234), 1);
      output.write('stdout', Buffer.alloc(1001, 'y'), 1);
      for (let i = 0; i < 50; i += 1) output.write('stdout', 'z'.repeat(100), 1);
      output.flush();
      const text = textOf(streams());
      assert.match(
        text,
        /^x{1000}\n… 234 more characters are not shown: .*output\.limit = 1000 characters.*\n/,
      );
      assert.match(text, /\ny{1000}\n… 1 more .*\nz{5000}$/);
      const shown = (html: string): Record<string, string> => {
        const data = { 'text/plain': 'p'.repeat(1010), 'text/html': html, 'image/png': 'short' };
        output.emit({ type: 'display', cell: 1, data, metadata: {} });
        return (posted.at(-1) as { data: Record<string, string> }).data;
      };
      // What is no text has a limit of its own: cut off it would be nothing.
      const rich = shown('h'.repeat(2000));
      assert.deepEqual(Object.keys(rich).toSorted(), ['image/png', 'text/html', 'text/plain']);
      assert.match(rich['text/plain'] ?? '', /^p{1000}\n… 10 more /);
      const cut = shown('h'.repeat(16 * 2 ** 20 + 1));
      assert.deepEqual(Object.keys(cut).toSorted(), ['image/png', 'text/plain']);
      assert.match(
        cut['text/plain'] ?? '',
        /^p{1000}\n… 10 more [^]*\n… 16,777,217 characters of text\/html are not shown: .* at most 16 MB, /,
      );
    } finally {
      setting.value = value;
    }
  });

  it('joins characters that were split over writes, each stream by itself', () => {
    const { output, streams } = collect();
    const [a, b, c] = Buffer.from('€');
    output.write('stdout', Buffer.from([a ?? 0]), 1);
    output.write('stderr', Buffer.from([a ?? 0, b ?? 0]), 1);
    output.write('stdout', Buffer.from([b ?? 0, c ?? 0]), 1);
    output.write('stderr', Buffer.from([c ?? 0]), 1);
    output.flush();
    assert.deepEqual(
      streams().map(({ name, text }) => [name, text]),
      [
        ['stdout', '€'],
        ['stderr', '€'],
      ],
    );
  });

  it('sends nothing for nothing', () => {
    const { output, posted } = collect();
    output.write('stdout', '', 1);
    output.flush();
    assert.deepEqual(posted, []);
  });

  it('belongs to cell 0 before there is one', () => {
    const { output, streams } = collect();
    output.write('stdout', 'early');
    output.flush();
    assert.equal(streams()[0]?.cell, 0);
  });
});
