/** `%pwd`: the current folder. */
import { usageError } from './arguments.ts';
import type { LineMagic } from './magic.ts';
import { currentFolder } from './process.ts';

export const pwd: LineMagic = {
  name: 'pwd',
  usage: 'pwd',
  summary: 'The current folder, as a string.',
  line(args) {
    if (args !== '') throw usageError(pwd);
    return currentFolder();
  },
};
