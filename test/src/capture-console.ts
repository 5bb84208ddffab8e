/** What `console.error` and `console.warn` are called with while `fn` runs, one text a call. */
export async function captureConsole(fn: () => unknown): Promise<string[]> {
  const shown: string[] = [];
  const { error, warn } = console;
  const show = (...parts: unknown[]): void => void shown.push(parts.map(String).join(' '));
  Object.assign(console, { error: show, warn: show });
  try {
    await fn();
  } finally {
    Object.assign(console, { error, warn });
  }
  return shown;
}
