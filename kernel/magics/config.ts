/** `%config`: settings of the session. */
import { UsageError, type LineMagic } from './magic.ts';
import { type Setting, settings } from './settings.ts';

const all: Readonly<Record<string, Setting<number>>> = settings;

export const config: LineMagic = {
  name: 'config',
  usage: 'config [NAME [= VALUE]]',
  summary: 'Shows or changes settings of the session; without a name, shows them all.',
  completes: Object.keys(all),
  line(args, context) {
    const [, name = '', , text = ''] = /^([\w.]*)(\s*=\s*|\s+|$)(.*)$/.exec(args) ?? [];
    const setting = Object.hasOwn(all, name) ? all[name] : undefined;
    if (args !== '' && !setting)
      throw new UsageError(
        `There is no setting '${name || args}'. There are: ${Object.keys(all).join(', ')}.`,
      );
    if (setting && text !== '') {
      const value = setting.parse(text);
      if (value === undefined) throw new UsageError(`${name} takes ${setting.expected}, not '${text}'.`);
      setting.value = value;
    }
    for (const [key, each] of Object.entries(all)) {
      if (!setting || setting === each) context.print(`${key} = ${each.show(each.value)}: ${each.summary}\n`);
    }
  },
};
