/**
 * The module `tslab`, as tslab's kernel has it, so that its notebooks run here.
 * Source: https://github.com/yunabe/tslab, src/public.ts
 */
import { FORMS } from '../display/forms.ts';
import { base64 } from '../display/mime.ts';
import type { Display, DisplayHandle } from '../display/types.ts';
import type { Tslab, TslabDisplay } from './types.ts';

/** The latest tslab: what notebooks ask its version for is which functions there are. */
const VERSION = '1.0.22';

/** By the form's name, the MIME type that `raw` may call it by. */
const TYPES: Readonly<Record<string, string>> = {
  'text/html': 'html',
  'text/markdown': 'markdown',
  'text/latex': 'latex',
  'text/plain': 'text',
  'text/javascript': 'javascript',
  'application/javascript': 'javascript',
  'image/svg+xml': 'svg',
  'image/png': 'png',
  'image/jpeg': 'jpeg',
  'image/gif': 'gif',
  'application/pdf': 'pdf',
};

type Show = (mimeType: string, content: string | Uint8Array) => void;

function makeTslabDisplay(raw: Show): TslabDisplay {
  return {
    javascript: (code) => raw('text/javascript', code),
    html: (markup) => raw('text/html', markup),
    markdown: (text) => raw('text/markdown', text),
    latex: (text) => raw('text/latex', text),
    svg: (markup) => raw('image/svg+xml', markup),
    png: (picture) => raw('image/png', picture),
    jpeg: (picture) => raw('image/jpeg', picture),
    gif: (picture) => raw('image/gif', picture),
    pdf: (document) => raw('application/pdf', document),
    text: (text) => raw('text/plain', text),
    raw,
  };
}

/** @param typescript the version of the compiler */
export function makeTslab(display: Display, typescript: string): Tslab {
  /** The same bundle as tslab's, with the plain text that belongs to it. */
  const bundleOf = (mimeType: string, content: string | Uint8Array): Record<string, unknown> => {
    const form = FORMS[TYPES[mimeType] ?? ''];
    const plain = form ? form(content, {}).data['text/plain'] : `[${mimeType}]`;
    return { 'text/plain': plain, [mimeType]: base64(content) ?? content };
  };
  return {
    display: makeTslabDisplay((type, content) => {
      display.mime(bundleOf(type, content));
    }),
    newDisplay: () => {
      let shown: DisplayHandle | undefined;
      return makeTslabDisplay((type, content) => {
        const bundle = bundleOf(type, content);
        if (shown) shown.update(bundle);
        else shown = display.mime(bundle);
      });
    },
    versions: { tslab: VERSION, typescript, node: process.version },
  };
}
