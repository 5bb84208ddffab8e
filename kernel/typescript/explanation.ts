/**
 * What is explained of a name, as blocks of code and prose, and these as the two texts that clients show:
 * markdown, and plain text without any markup.
 */

export type Block =
  | { readonly kind: 'code'; readonly language: string; readonly text: string }
  /** In markdown. */
  | { readonly kind: 'prose'; readonly text: string }
  /** Without any markup. */
  | { readonly kind: 'text'; readonly text: string };

/** A code fence at the start of a line, as the language service writes them. */
const fence = /^```(\w*)\n([\s\S]*?)\n```$/gm;

/** Links into files, as `{@link}` becomes one, lead nowhere from a notebook: their text stays. */
function withoutFileLinks(markdown: string): string {
  return markdown.replace(/\[([^\]]*)\]\(file:[^)]*\)/g, (_, text: string) =>
    text.startsWith('`') ? text : `\`${text}\``,
  );
}

/** Reads the service's markdown. */
export function blocksOf(markdown: string): Block[] {
  const blocks: Block[] = [];
  let end = 0;
  const prose = (text: string): void => {
    const trimmed = withoutFileLinks(text).trim();
    if (trimmed !== '') blocks.push({ kind: 'prose', text: trimmed });
  };
  for (const { index, 0: all, 1: language = '', 2: text = '' } of markdown.matchAll(fence)) {
    prose(markdown.slice(end, index));
    if (text.trim() !== '') blocks.push({ kind: 'code', language, text });
    end = index + all.length;
  }
  prose(markdown.slice(end));
  return blocks;
}

export function markdownOf(blocks: readonly Block[]): string {
  return blocks
    .map((block) => {
      if (block.kind === 'prose') return block.text;
      if (block.kind === 'text') return block.text.replace(/[\\`*_{}[\]<>#|$]/g, '\\$&');
      // A template in the code may hold a fence of its own.
      const ticks = '`'.repeat(
        Math.max(3, ...[...block.text.matchAll(/`+/g)].map(([run]) => run.length + 1)),
      );
      return `${ticks}${block.language}\n${block.text}\n${ticks}`;
    })
    .join('\n\n');
}

/** Markdown as it is read aloud: emphasis, code marks and links become their text. */
function plainProse(markdown: string): string {
  return markdown
    .replace(/!?\[([^\]]*)\]\(([^)\s]*)[^)]*\)/g, (_, text: string, url: string) =>
      text === url || text === '' ? url : `${text} (${url})`,
    )
    .replace(
      /\\([\\`*_{}[\]()#+\-.!<>])|(`+)([\s\S]+?)\2|(\*\*|__)(?=\S)([\s\S]*?\S)\4|(?<![\p{L}\d*_])([*_])(?=\S)([^*_\n]*\S)\6(?![\p{L}\d])/gu,
      (
        _,
        escaped?: string,
        _ticks?: string,
        code?: string,
        _strong?: string,
        strong?: string,
        _em?: string,
        em?: string,
      ) => escaped ?? code ?? plainProse(strong ?? em ?? ''),
    )
    .replace(/^#{1,6}\s+/gm, '');
}

/** Sets off what follows. */
export const RULE: Block = { kind: 'prose', text: '---' };

export function plainOf(blocks: readonly Block[]): string {
  return blocks
    .filter((block) => block !== RULE)
    .map((block) => (block.kind === 'prose' ? plainProse(block.text) : block.text))
    .join('\n\n');
}
