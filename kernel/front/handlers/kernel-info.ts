import { readFileSync } from 'node:fs';
import { PROTOCOL_VERSION } from '../../protocol/message.ts';
import type { Handler } from './handler.ts';

const { version } = JSON.parse(readFileSync(new URL('../../../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

const info = {
  status: 'ok',
  protocol_version: PROTOCOL_VERSION,
  implementation: 'tsloop',
  implementation_version: version,
  language_info: {
    name: 'typescript',
    // What cells may be written in; they run on the Node that the banner names.
    version: '5.9',
    mimetype: 'text/typescript',
    file_extension: '.ts',
    pygments_lexer: 'typescript',
    // A plain string: objects confuse clients that hand it on to an old CodeMirror.
    codemirror_mode: 'typescript',
    nbconvert_exporter: 'script',
  },
  banner: `tsloop ${version}: TypeScript with a persistent event loop, on Node ${process.version}`,
  help_links: [
    { text: 'TypeScript Handbook', url: 'https://www.typescriptlang.org/docs/handbook/' },
    { text: 'Node.js', url: 'https://nodejs.org/docs/latest/api/' },
  ],
  debugger: false,
  supported_features: [],
};

/** Source: https://jupyter-client.readthedocs.io/en/stable/messaging.html#kernel-info */
export const kernelInfo: Handler = (request, { publisher }) => publisher.reply(request, 'kernel_info_reply', info);
