/**
 * Building blocks of the HTML that values are shown as: escaping, colours, styles. Nothing of it needs a script, and
 * all of it is readable in JupyterLab's light and dark themes and on pages that know neither.
 */

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as HTML, for the content of elements and for quoted attributes. */
export function escapeHtml(text: string): string {
  // Control characters are no text, and some are not allowed in HTML at all. An empty line would end the HTML where
  // it stands in Markdown, as nbconvert makes it of notebooks.
  return text
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
    .replace(/\n(?=[ \t\r]*\n)/g, '&#10;')
    .replace(/[\0-\x08\x0B\x0C\x0E-\x1F]/g, '�');
}

/**
 * Colours as CSS values. JupyterLab gives each of the variables another value in each theme; elsewhere the fallbacks
 * hold, which can be read on white and on black.
 */
export const COLORS = {
  text: 'var(--jp-content-font-color1, inherit)',
  dim: 'var(--jp-content-font-color2, #808080)',
  background: 'var(--jp-layout-color1, transparent)',
  raised: 'var(--jp-layout-color2, rgba(128, 128, 128, 0.12))',
  border: 'var(--jp-border-color2, rgba(128, 128, 128, 0.35))',
  hover: 'var(--jp-rendermime-table-row-hover-background, rgba(128, 128, 128, 0.16))',
  accent: 'var(--jp-brand-color1, #2f8fd8)',
  link: 'var(--jp-content-link-color, #3b82c4)',
  key: 'var(--jp-mirror-editor-property-color, #7f72d6)',
  string: 'var(--jp-mirror-editor-string-color, #c0563f)',
  number: 'var(--jp-mirror-editor-number-color, #2a9d4a)',
  keyword: 'var(--jp-mirror-editor-keyword-color, #3b82c4)',
  name: 'var(--jp-mirror-editor-def-color, #4a86e8)',
  good: 'var(--jp-success-color1, #2e9e44)',
  // JupyterLab's own is too faint for text on white.
  warn: '#b86e00',
  bad: 'var(--jp-error-color1, #d84a3a)',
} as const;

/** Fonts as CSS values. */
export const FONTS = {
  code: 'var(--jp-code-font-family, ui-monospace, Menlo, Consolas, monospace)',
  codeSize: 'var(--jp-code-font-size, 13px)',
  text: 'var(--jp-content-font-family, system-ui, sans-serif)',
} as const;

/**
 * A `<style>` element of rules, as {@link styleRules} makes them. Each output carries its own: it may be cleared, moved
 * or saved alone.
 */
export function styleElement(css: string): string {
  return `<style>${styleRules(css)}</style>`;
}

/**
 * Rules without blank space. A selector begins with a class of the caller's own, `.tsloop-NAME`, which is written twice:
 * so it outweighs what JupyterLab says of all tables and lists in outputs.
 */
export function styleRules(css: string): string {
  const rules = css
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/ ?([{};,]) ?/g, '$1')
    .trim();
  return rules.replaceAll(/(^|[},])(\.tsloop-[\w-]+)/g, '$1$2$2');
}

/** Rules for the classes `tsloop-c-<color>` inside of the selector: shorter than a style for each span of a large output. */
export function colorRules(selector: string, colors: ReadonlyArray<keyof typeof COLORS>): string {
  return colors.map((color) => `${selector} .tsloop-c-${color} { color: ${COLORS[color]} }`).join('\n');
}

/** Text of at most `length` characters: a longer one is cut, and ends with an ellipsis. Never splits a surrogate pair. */
export function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** 1234567 as `1,234,567`, whatever the machine's language: outputs are compared. */
export function grouped(count: number | bigint): string {
  return String(count).replaceAll(/\B(?=(?:\d{3})+(?!\d))/g, ',');
}

/** `1 row`, `2 rows`. */
export function counted(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** The readable text of markup: without tags, styles and scripts, with blank space as a browser shows it. */
export function textOfMarkup(markup: string): string {
  return markup
    .replaceAll(/<!--[^]*?(?:-->|$)|<(style|script|head|title)\b[^]*?(?:<\/\1\s*>|$)/gi, ' ')
    .replaceAll(/[ \t\r\n]+/g, ' ')
    .replaceAll(
      /<\/?(?:p|div|h[1-6]|li|ul|ol|tr|table|br|hr|section|article|pre|blockquote)\b[^<>]*>/gi,
      '\n',
    )
    .replaceAll(/<\/t[dh]\s*>/gi, ' ')
    .replaceAll(/<[!/a-z][^<>]*>/gi, '')
    .replaceAll(/&(?:#(\d+)|#x([\da-f]+)|(amp|lt|gt|quot|apos|nbsp));/gi, decoded)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n');
}

const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
};

function decoded(entity: string, decimal?: string, hex?: string, name?: string): string {
  if (name !== undefined) return NAMED[name.toLowerCase()] ?? entity;
  const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : entity;
}
