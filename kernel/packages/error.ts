/** What is wrong with a package, a specifier or an installation: the message says what, where, and what to do. */
export class PackageError extends Error {
  override readonly name = 'PackageError';
}
