/** Names of the session as completion and inspection look for them on the live side. */
import { sessionName, shownName } from '../language/globals.ts';
import type { MainThread } from './inspector.ts';

/** A name as JavaScript allows it. */
export const identifier: string = String.raw`[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*`;

/** A variable that would hide a global has another name in the session. */
export async function inSession(path: string, main: MainThread): Promise<string> {
  const [first = ''] = /^[^.?\s[]+/.exec(path) ?? [];
  const name = sessionName(first);
  if (name === first || !(await main.scopeNames()).includes(name)) return path;
  return name + path.slice(first.length);
}

/** The names in the session's scope, as cells know them. */
export async function namesInScope(main: MainThread): Promise<string[]> {
  return (await main.scopeNames()).map(shownName).filter((name) => !isInternal(name));
}

/** Whether a name is one of the kernel's own, which no user shall see. */
export function isInternal(name: string): boolean {
  return name.startsWith('__tsloop');
}
