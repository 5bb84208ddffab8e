/** Random choices that a seed repeats. */

export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 to 1, without 1; Numerical Recipes' generator. */
  fraction(): number {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
    return this.#state / 2 ** 32;
  }

  /** An integer, both ends included. */
  between(least: number, most: number): number {
    return least + Math.floor(this.fraction() * (most - least + 1));
  }

  /** @throws RangeError for an empty list */
  one<T>(of: readonly T[]): T {
    if (of.length === 0) throw new RangeError('there is nothing to choose from');
    return of[this.between(0, of.length - 1)] as T;
  }
}
