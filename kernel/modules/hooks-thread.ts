/** The hooks as Node 20 wants them: a module of its own, run by Node on a thread of its own. */
import type { LoadHook, ResolveHook } from 'node:module';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compile } from './compile.ts';
import { compiledExtensions, redirect } from './resolve.ts';

export const resolve: ResolveHook = (specifier, context, nextResolve) => {
  const importer = context.conditions.includes('require') ? 'require' : 'import';
  const to = redirect(specifier, context.parentURL, importer);
  return to === undefined
    ? nextResolve(specifier)
    : nextResolve(to.specifier, { ...context, parentURL: to.parentURL });
};

export const load: LoadHook = (url, context, nextLoad) => {
  if (!url.startsWith('file:')) return nextLoad(url, context);
  const path = fileURLToPath(url);
  if (!compiledExtensions.includes(extname(path))) return nextLoad(url, context);
  return { ...compile(path), shortCircuit: true };
};
