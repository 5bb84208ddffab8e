/**
 * What clients and notebook files are told about the language of cells.
 * Source: https://jupyter-client.readthedocs.io/en/stable/messaging.html#kernel-info
 */
export const languageInfo = {
  name: 'typescript',
  /** The TypeScript that checks cells. */
  version: '7.0',
  mimetype: 'text/typescript',
  file_extension: '.ts',
  pygments_lexer: 'typescript',
  // A plain string: objects confuse clients that hand it on to an old CodeMirror.
  codemirror_mode: 'typescript',
  nbconvert_exporter: 'script',
} as const;
