import type { Attributes } from './attributes.js';

/** A resource owner (RFC 6749 §1.1): a user whose name is unique within its realm. */
export interface ResourceOwner {
  /** Path of its realm. */
  readonly realm: string;
  readonly username: string;
  /** An argon2id hash in PHC form. */
  readonly passwordHash: string;
  readonly attributes: Attributes;
  readonly enabled: boolean;
  /** Changes when all tokens issued for this resource owner so far must become inactive. */
  readonly epoch: number;
}
