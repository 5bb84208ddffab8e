/**
 * Teaches this process's `import` and `require` TypeScript. Installing costs nothing but the hooks
 * themselves (on Node 20 a thread that Node runs them on): the compiler is loaded with the first file.
 */
import * as nodeModule from 'node:module';
import { dist } from '../home.ts';
import { installRequire } from './require.ts';
import * as hooks from './hooks-thread.ts';

type SyncResolve = (
  specifier: string,
  context: nodeModule.ResolveHookContext,
  next: (specifier: string, context?: nodeModule.ResolveHookContext) => nodeModule.ResolveFnOutput,
) => nodeModule.ResolveFnOutput;
type SyncLoad = (
  url: string,
  context: nodeModule.LoadHookContext,
  next: (url: string, context?: nodeModule.LoadHookContext) => nodeModule.LoadFnOutput,
) => nodeModule.LoadFnOutput;

/** `module.registerHooks` of Node >= 22.15 and >= 23.5, which the types of Node 20 do not know. */
type RegisterHooks = (hooks: { resolve: SyncResolve; load: SyncLoad }) => unknown;

let installed = false;

/**
 * From now on, in this thread:
 * - `.ts`, `.tsx`, `.mts`, `.cts` and `.jsx` files can be imported and required. Also where Node strips
 *   types itself (>= 22.18): enums, namespaces and parameter properties work everywhere alike.
 * - A relative import may leave out the extension, or say `.js` for a `.ts` file.
 * - `tsloop` is this very package, wherever the importing file lies.
 * - Stack traces show the lines of the TypeScript.
 *
 * A second call does nothing. An import() made by a `vm.Script` takes part when the script was made
 * with `importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER`.
 */
export function installModuleHooks(): void {
  if (installed) return;
  installed = true;
  process.setSourceMapsEnabled(true);
  const registerHooks = (nodeModule as { registerHooks?: RegisterHooks }).registerHooks;
  if (registerHooks !== undefined) {
    // The same functions serve both: they hand on what the next hook returns, promise or not.
    registerHooks({
      resolve: hooks.resolve as unknown as SyncResolve,
      load: hooks.load as unknown as SyncLoad,
    });
  } else {
    nodeModule.register(new URL('kernel/modules/hooks-thread.js', dist));
    installRequire();
  }
}
