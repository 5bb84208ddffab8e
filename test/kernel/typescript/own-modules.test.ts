import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { dist } from '../../../kernel/home.ts';
import { withModuleNames } from '../../../kernel/typescript/own-modules.ts';

const at = (file: string): string => `import("${fileURLToPath(dist).replaceAll('\\', '/')}${file}")`;

const claims: Readonly<Record<string, readonly [text: string, shown: string]>> = {
  'a module as the name that is imported': [
    `Type 'typeof ${at('src/index')}' is wrong`,
    `Type 'typeof import("tsloop")' is wrong`,
  ],
  'a type as one of that module, whatever file it is in': [
    `'${at('src/task')}.Task<${at('src/task')}.Task<1>>'`,
    `'import("tsloop").Task<import("tsloop").Task<1>>'`,
  ],
  'the other modules as theirs': [
    `${at('src/testing/index')} ${at('kernel/widgets/box')}.Box ${at('kernel/runtime/comms')}.Comm`,
    `import("tsloop/testing") import("tsloop/widgets").Box import("tsloop/comms").Comm`,
  ],
  'what declares them as what it declares': [
    `typeof import("/tmp/tsloop-x/own-tsloop"), Module '"/tmp/tsloop-x/own-widgets"' has no default export.`,
    `typeof import("tsloop"), Module '"tsloop/widgets"' has no default export.`,
  ],
  'types of globals by their name alone': [`${at('kernel/display/types')}.Display[]`, 'Display[]'],
  'modules of others as they are': [
    'import("/home/ada/dist/src/index").Task, import("node:fs")',
    'import("/home/ada/dist/src/index").Task, import("node:fs")',
  ],
};

describe("the names of the kernel's own modules:", () => {
  for (const [claim, [text, shown]] of Object.entries(claims))
    it(claim, () => assert.equal(withModuleNames(text), shown));
});
