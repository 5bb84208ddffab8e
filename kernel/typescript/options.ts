/** The tsconfig.json that cells are checked with: the user's, with what cells need put over it, or the defaults. */
import path from 'node:path';
import type { PathMapping } from './local-files.ts';
import type { UserConfig, UserOptions } from './user-config.ts';

export interface Surroundings {
  /** The folder of the workspace that stands for the root of the file system, and that root. */
  readonly rootDirs: readonly [mirror: string, root: string];
  /** The folder of Node's types. */
  readonly nodeTypes: string;
  /** The declaration of the kernel's globals. */
  readonly globals: string;
  /** The declarations of the package `tsloop`. */
  readonly tsloop: string;
  /** Those of `tsloop/comms`. */
  readonly comms: string;
  /** Those of `tsloop/testing`. */
  readonly testing: string;
  /** Those of `tsloop/widgets`. */
  readonly widgets: string;
  /** What the user's package.json gives names to. */
  readonly imports: PathMapping;
  /** Folders of cells that `**` leaves out. */
  readonly others: readonly string[];
}

/**
 * What holds for every cell. A cell is a module that is run as it is: nothing is emitted from it, it may import
 * whatever Node can run, and in a notebook names need not be used.
 */
const CELL = {
  noEmit: true,
  // As Node with a bundler's leniency: './util.ts', './util' and packages of every kind.
  module: 'preserve',
  moduleResolution: 'bundler',
  moduleDetection: 'force',
  target: 'esnext',
  allowImportingTsExtensions: true,
  allowJs: true,
  resolveJsonModule: true,
  esModuleInterop: true,
  allowSyntheticDefaultImports: true,
  skipLibCheck: true,
  isolatedModules: false,
  verbatimModuleSyntax: false,
  isolatedDeclarations: false,
  useDefineForClassFields: true,
  noUnusedLocals: false,
  noUnusedParameters: false,
};

/** Options of a project that is built. Null takes an option back. */
const NOT_OF_CELLS = {
  allowUnreachableCode: null,
  allowUnusedLabels: null,
  baseUrl: null,
  composite: false,
  declaration: false,
  declarationDir: null,
  declarationMap: false,
  emitDeclarationOnly: false,
  // Cells are compiled, enums and all.
  erasableSyntaxOnly: false,
  incremental: false,
  noLib: null,
  noResolve: null,
  outDir: null,
  outFile: null,
  rewriteRelativeImportExtensions: false,
  rootDir: null,
  tsBuildInfoFile: null,
};

const DEFAULTS = {
  strict: true,
  lib: ['esnext'],
  // As cells are compiled.
  jsx: 'react',
};

/** The content of the tsconfig.json. */
export function cellConfig(
  around: Surroundings,
  user: UserConfig | undefined,
): { readonly compilerOptions: object; readonly [key: string]: unknown } {
  const inherits = user?.usable === true;
  const options = inherits ? user.options : {};
  return {
    ...(inherits ? { extends: user.file } : {}),
    compilerOptions: {
      ...(inherits ? {} : DEFAULTS),
      ...(inherits ? jsxOf(options) : {}),
      ...CELL,
      ...(inherits ? NOT_OF_CELLS : {}),
      ...(inherits ? libOf(options) : {}),
      types: [around.nodeTypes, ...(options.types ?? []).filter((name) => name !== 'node')],
      ...(options.typeRoots ? { typeRoots: options.typeRoots } : {}),
      rootDirs: [...around.rootDirs, ...(options.rootDirs ?? [])],
      // Packages that tell Node and browsers apart: cells run in Node.
      customConditions: [...new Set(['node', ...(options.customConditions ?? [])])],
      paths: pathsOf(options, around),
    },
    files: [around.globals],
    include: ['**/*', ...around.others.map((folder) => `${folder.replaceAll('\\', '/')}/*`)],
    exclude: ['**/node_modules'],
  };
}

/** As cells are compiled (modules/jsx.ts): what the user leaves to another compiler is left to this one. */
function jsxOf({ jsx, jsxImportSource }: UserOptions): object {
  if (/^react/i.test(jsx ?? '') && !/^react-native$/i.test(jsx ?? '')) return {};
  return { jsx: jsxImportSource === undefined ? DEFAULTS.jsx : 'react-jsx' };
}

/** A `target` chooses a library; cells are never compiled down, but keep that library. */
function libOf({ lib, target }: UserOptions): object {
  if (lib !== undefined || target === undefined || /^esnext$/i.test(target)) return {};
  const edition = /^es[35]$/i.test(target) ? 'es2015' : target;
  return { lib: [edition, 'dom', 'dom.iterable'] };
}

/** `paths` are inherited as a whole or not at all, hence the user's are repeated. */
function pathsOf({ paths, baseUrl }: UserOptions, around: Surroundings): object {
  const { imports, tsloop, comms, testing, widgets } = around;
  return {
    ...imports,
    tsloop: [tsloop],
    'tsloop/comms': [comms],
    'tsloop/testing': [testing],
    'tsloop/widgets': [widgets],
    ...paths,
    // The compiler knows `baseUrl` no more; many projects do.
    ...(baseUrl !== undefined && paths?.['*'] === undefined ? { '*': [path.join(baseUrl, '*')] } : {}),
  };
}
