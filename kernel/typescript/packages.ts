/**
 * Packages that the cell itself brings: `npm:` specifiers and `%npm install` are carried out when the cell is
 * run, which is after it was checked.
 */
import { findInstalled, findPackage } from '../packages/installed.ts';
import { bareSpecifier, parseNpmSpecifier } from '../packages/specifier.ts';

const npmImport = /(?<=\b(?:from|import)\s*\(?\s*)(["'])(npm:[^"'\r\n]*)\1/g;

/** The package that a comment names for JSX. */
const npmJsx = /(?<=@jsxImportSource\s+)npm:[^\s*]+/g;

/**
 * The text with the bare names of `npm:` packages that are installed, which TypeScript finds. Blanks make up for what
 * is shorter: all places stay what they are. Other packages stay unknown to it, their values are `any`.
 */
export function withBareNames(source: string, cwd: string): string {
  if (!source.includes('npm:')) return source;
  return source
    .replaceAll(npmImport, (literal, quote: string, specifier: string) => {
      const name = bareName(specifier, cwd);
      return name === undefined ? literal : `${quote}${name}${quote}`.padEnd(literal.length);
    })
    .replaceAll(npmJsx, (specifier) => (bareName(specifier, cwd) ?? specifier).padEnd(specifier.length));
}

function bareName(specifier: string, cwd: string): string | undefined {
  try {
    const wanted = parseNpmSpecifier(specifier);
    const installed = findInstalled(wanted, cwd);
    // What lies beside the project, at another version, is not what TypeScript would find.
    return installed?.folder === findPackage(wanted.name, cwd)?.folder
      ? installed && bareSpecifier(wanted)
      : undefined;
  } catch {
    return undefined; // Running it says what is wrong with the specifier.
  }
}

const installLine = /^[ \t]*[%!][ \t]*npm[ \t]+(?:install|i|add)[ \t]+(.+)$/gm;

/** Whether what is said of a module that is not there is for running the cell to say, or to put right. */
export function isBroughtByCell(source: string, message: string): boolean {
  const module = /'([^']+)'/.exec(message)?.[1] ?? '';
  if (/^(?:npm|jsr|https?):/.test(module)) return true;
  return [...source.matchAll(installLine)].some(([, words = '']) =>
    words.split(/\s+/).some((word) => {
      const name = word.replace(/^npm:/, '').replace(/(?!^)@.*$/, '');
      return name !== '' && (module === name || module.startsWith(`${name}/`));
    }),
  );
}
