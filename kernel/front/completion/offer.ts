/** A candidate on its way to the client, from whoever knows of it. */
import type { Candidate } from './candidate.ts';

/** What is offered, before it is known whether there is time for its signature. */
export interface Offer {
  readonly candidate: Candidate;
  /** The best have the least. */
  readonly order: string;
  signature(): Promise<string | undefined>;
}

/** The sort texts of what is declared near by, of globals and keywords, and of what is not to be used any more. */
export const LOCAL = '11';
export const GLOBALS = '15';
export const DEPRECATED = 'z11';
