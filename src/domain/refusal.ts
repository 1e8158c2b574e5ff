import type { RefusalReason } from './inactive.js';
import type { Page } from './page.js';

/** A request that was refused, or whose answer was that a token is inactive. */
export interface Refusal {
  /** The correlation id of the answer, a UUID. */
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Template of the route. */
  readonly route: string;
  /** HTTP's method. */
  readonly method: string;
  readonly status: number;
  /** Path of the realm; empty for none. */
  readonly realm: string;
  /** The client that was authenticated; empty for none. */
  readonly client: string;
  readonly reason?: RefusalReason;
  /** The error code that was answered. */
  readonly error?: string;
  /** More in fixed words. */
  readonly detail?: string;
  /** SHA-256 of the presented token in base64url; only of a token that may be one of ours. */
  readonly tokenId?: string;
}

/** How long a refusal is kept, in milliseconds, and how many are kept at most. */
export const refusalKeptMs = 86_400_000;
export const maxRefusals = 100_000;

export interface RefusalQuery extends Page {
  /** Only refusals of this realm and those below it; `/` for all. */
  readonly within: string;
  readonly reason?: string;
  readonly client?: string;
  readonly realm?: string;
  readonly route?: string;
}

/** A sample of the refused requests. Every method throws StoreUnavailable when it cannot do its work. */
export abstract class RefusalLog {
  /** Adds refusals; one that is there already stays as it is. */
  abstract add(refusals: readonly Refusal[]): Promise<void>;
  /** The refusal with this correlation id; undefined when there is none. */
  abstract find(id: string): Promise<Refusal | undefined>;
  /** Newest first. */
  abstract list(query: RefusalQuery): Promise<Refusal[]>;
}
