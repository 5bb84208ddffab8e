/**
 * What Node loses when the callback of an immediate is torn. Node walks through the immediates of one turn of its
 * own loop as a linked list, and takes the step to the next one in a `finally` block, which torn code does not get
 * to. If it was the first, those behind it are forgotten (and Node, which still counts them, spins); if it was a
 * later one, Node begins again with the one that it has already done, fails at that, and so on for ever.
 */

const { clearImmediate, setImmediate } = globalThis;

/** The part of Node's Immediate that matters here: the same in Node 20 to 26. */
interface Immediate {
  _onImmediate: unknown;
  _destroyed: boolean;
  _idleNext: Immediate | null;
  _idlePrev: Immediate | null;
}

function isImmediate(resource: object): resource is Immediate {
  return '_onImmediate' in resource && '_idleNext' in resource && '_idlePrev' in resource;
}

const nothing = (): void => {};

function later(callback: () => void): Immediate {
  return setImmediate(callback) as unknown as Immediate;
}

function cancel(immediate: Immediate): void {
  clearImmediate(immediate as unknown as NodeJS.Immediate);
}

/**
 * To be called before the running code is torn.
 * @param resource what runs, by `executionAsyncResource()`
 * @returns to be called if it goes on all the same
 */
export function prepareTornImmediate(resource: object): () => void {
  if (!isImmediate(resource)) return nothing;
  const rest = resource._idleNext;
  if (resource._idlePrev === null) {
    if (rest === null) return nothing;
    // Forgotten: a new immediate takes those that were behind it into its own turn.
    const next = later(() => {
      let last = rest;
      while (last._idleNext !== null) last = last._idleNext;
      last._idleNext = next._idleNext;
      next._idleNext = rest;
    });
    return () => cancel(next);
  }
  // Begun again: it must be there to be done, as nothing. Node then counts it down twice, which an immediate that is
  // counted, and left out when its turn comes, makes up for.
  const { _onImmediate: callback } = resource;
  resource._destroyed = false;
  resource._onImmediate = nothing;
  const before = later(() => {
    before._idleNext = counted._idleNext;
  });
  const counted = later(nothing);
  (counted as unknown as NodeJS.Immediate).unref();
  return () => {
    resource._destroyed = true;
    resource._onImmediate = callback;
    cancel(before);
    cancel(counted);
  };
}
