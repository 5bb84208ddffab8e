/** The version of a module in its URL: `file:///…/util.ts?tsloop=2`. */

const mark = /[?&]tsloop=(\d+)/;

/** Version 0 is the URL itself. */
export function withVersion(url: string, version: number): string {
  if (version === 0) return url;
  const [, address = '', hash = ''] = /^([^#]*)(#.*)?$/.exec(url) ?? [];
  return `${address}${address.includes('?') ? '&' : '?'}tsloop=${version}${hash}`;
}

export function versionOf(url: string): number {
  return Number(mark.exec(url)?.[1] ?? 0);
}

/** Text with the names of files as the user knows them. */
export function withoutVersions(text: string): string {
  return text.replace(/[?&]tsloop=\d+/g, '');
}
