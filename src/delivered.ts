/** Errors that ended waits: the one who asked for that knows of them. */
const delivered = new WeakSet<object>();

/** @internal To be called before waits are ended with this error. */
export function markDelivered(error: Error): void {
  delivered.add(error);
}

/** @internal Whether this error is no news to the user, and so not worth a report. */
export function isDelivered(error: unknown): boolean {
  return typeof error === 'object' && error !== null && delivered.has(error);
}
