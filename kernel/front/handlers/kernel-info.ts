import { readFileSync } from 'node:fs';
import { home } from '../../home.ts';
import { languageInfo } from '../../protocol/language-info.ts';
import { PROTOCOL_VERSION } from '../../protocol/message.ts';
import type { Handler } from './handler.ts';

const { version } = JSON.parse(readFileSync(new URL('package.json', home), 'utf8')) as {
  version: string;
};

const info = {
  status: 'ok',
  protocol_version: PROTOCOL_VERSION,
  implementation: 'tsloop',
  implementation_version: version,
  language_info: languageInfo,
  banner: `tsloop ${version}: TypeScript with a persistent event loop, on Node ${process.version}`,
  help_links: [
    { text: 'TypeScript Handbook', url: 'https://www.typescriptlang.org/docs/handbook/' },
    { text: 'Node.js', url: 'https://nodejs.org/docs/latest/api/' },
  ],
  debugger: false,
  supported_features: ['kernel subshells'],
};

/** Source: https://jupyter-client.readthedocs.io/en/stable/messaging.html#kernel-info */
export const kernelInfo: Handler = (request, { publisher }) =>
  publisher.reply(request, 'kernel_info_reply', info);
